import { X509Certificate } from 'node:crypto';
import { getCACertificates, type TLSSocket } from 'node:tls';
import type { CertificateEndpoint } from '../../domain/contract/release.ts';
import { withoutBrackets } from '../shared/outward.ts';
import { inItsTime, type Ask, type Asking } from './asking.ts';
import { onConnection, secured } from './connection.ts';
import { judgeCertificate, type ShownChain } from './judge-certificate.ts';

/** The chain that a visitor is shown. It is looked at whether it is right or not: what is wrong with it is the answer. */
export const askCertificate: Ask<CertificateEndpoint> = async (endpoint, asking) => {
  const chain = await inItsTime(asking, (stop) =>
    onConnection(endpoint.port, asking, stop, async (socket) =>
      shownChain(await secured(socket, asking, stop, { mustBeTrusted: false }), asking),
    ),
  );
  return 'certificates' in chain ? judgeCertificate(endpoint, chain, asking.now()) : chain;
};

function shownChain(secure: TLSSocket, { host, now, authorities }: Asking): ShownChain {
  const own = secure.getPeerX509Certificate();
  if (!own) throw new Error('it shows no certificate');
  if (!secure.authorized)
    return { problem: problemOf(secure, own, { hostname: host.hostname, now: now() }), certificates: [] };
  const certificates = untilTrusted(own, authorities ? read(authorities) : machinesOwn());
  return { certificates: certificates.map((one) => ({ of: nameOf(one), validTo: Date.parse(one.validTo) })) };
}

const read = (authorities: readonly string[]) => authorities.map((pem) => new X509Certificate(pem));

/** Read once: there are hundreds, and it takes a twentieth of a second. */
let ofMachine: X509Certificate[] | undefined;
const machinesOwn = () => (ofMachine ??= read(getCACertificates()));

/** What is shown beyond the one that a trusted authority has signed does not count: others may have signed that authority, and longer ago. */
function untilTrusted(own: X509Certificate, authorities: readonly X509Certificate[]): X509Certificate[] {
  const chain = [own];
  for (let last = own; !authorities.some((one) => last.checkIssued(one));) {
    const { issuerCertificate: issuer } = last;
    if (!issuer || chain.length > 10) break;
    chain.push(issuer);
    last = issuer;
  }
  return chain;
}

function nameOf({ subject }: X509Certificate): string {
  return /^CN=(.+)$/m.exec(subject)?.[1] ?? subject.replaceAll('\n', ', ');
}

const words: Record<string, string> = {
  CERT_HAS_EXPIRED: 'it, or one of its chain, has expired',
  CERT_NOT_YET_VALID: 'it, or one of its chain, is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it has signed itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is none that this worker trusts',
  UNABLE_TO_GET_ISSUER_CERT: unknownIssuer(),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownIssuer(),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownIssuer(),
};

function unknownIssuer(): string {
  return 'its issuer is not in the chain that is shown, and none that this worker trusts';
}

function problemOf(
  secure: TLSSocket,
  own: X509Certificate,
  { hostname, now }: { hostname: string; now: number },
): string {
  const code = String(secure.authorizationError);
  if (code === 'CERT_HAS_EXPIRED' && Date.parse(own.validTo) < now)
    return `it was valid until ${new Date(own.validTo).toISOString()}`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `it is for ${own.subjectAltName ?? 'no name'}, and not for ${withoutBrackets(hostname)}`;
  return words[code] ?? code;
}
