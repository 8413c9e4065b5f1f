import type { CertificateEndpoint } from '../../domain/contract/release.ts';
import { exactly } from '../../domain/plan-facts.ts';
import { wrong, type Judgement } from './judgement.ts';

export interface ShownChain {
  /** Why it is not trusted, or not for this name; undefined where it is both. */
  problem?: string | undefined;
  /** Up to one that a trusted authority has signed: its own first. */
  certificates: { of: string; validTo: number }[];
}

/** Right when the chain is trusted, is for the name of the host, and will be for long enough. */
export function judgeCertificate(
  { validForMs }: CertificateEndpoint,
  { problem, certificates }: ShownChain,
  now: number,
): Judgement {
  if (problem !== undefined) return wrong(`shows a certificate that is not valid: ${problem}`);
  const [own] = certificates;
  const first = certificates.reduce((soonest, one) => (one.validTo < soonest.validTo ? one : soonest));
  const what = first === own ? 'a certificate' : `a certificate whose issuer, ${first.of},`;
  const says = `shows ${what} ${first === own ? 'that ' : ''}is valid until ${new Date(first.validTo).toISOString()}`;
  if (first.validTo - now >= validForMs) return { verdict: 'pass', summary: says };
  return wrong(`${says}, which is in ${left(first.validTo - now)} and should be in ${exactly(validForMs)} at least`);
}

function left(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}
