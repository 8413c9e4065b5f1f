import { lookup as resolveName, type LookupAddress, type LookupOptions } from 'node:dns';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { Agent } from 'undici';
import { nearnessOf } from '../../domain/addresses.ts';
import { resolveStrangers } from './strangers-names.ts';

/** What the operator's policy says of the host that is asked. */
export interface OutwardHost {
  /** As `URL.hostname` writes it. */
  hostname: string;
  /** The policy names this very host, and not just a domain above it: then it may be an address inside. */
  isNamed: boolean;
}

/**
 * The host leads where nobody is asked. What it resolves to is said where the policy names it: what other names of the operator's own network
 * stand for is nothing to tell whoever can write one into a file.
 */
export class RefusedAddress extends Error {
  constructor({ hostname, isNamed }: OutwardHost, address: string, why: string) {
    super(
      isNamed && address !== withoutBrackets(hostname)
        ? `${hostname} is ${address}, which ${why}`
        : `${hostname} ${why}`,
    );
    this.name = 'RefusedAddress';
  }
}

export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** What a name has led to, before a connection to one of them. */
export type Heard = (addresses: LookupAddress[]) => void;

/**
 * Connections to one host, for somebody who may have written its name to reach what only we can reach. Each connection resolves the name once,
 * judges every address, and goes to what was judged: a name that answers otherwise a moment later leads nowhere else. Nothing is kept open.
 * An address of this machine, its link or a cloud's metadata is asked only where the policy names that address (or `localhost`) itself;
 * a private one where it names the host. A name that the policy does not have is asked of the servers of names, and not of the machine. Fails
 * with RefusedAddress, before anything is sent.
 */
export function outwardAgent(host: OutwardHost, resolve?: Resolve, heard?: Heard): Agent {
  return new Agent({ pipelining: 0, connect: { lookup: judgedLookup(host, resolve, heard) } });
}

/** The same for whoever speaks something else than HTTP. Throws RefusedAddress for an address that may not be asked. */
export function outwardSocket(host: OutwardHost, port: number, resolve?: Resolve): Socket {
  const refused = refusedLiteral(host);
  if (refused) throw refused;
  return connect({ host: withoutBrackets(host.hostname), port, lookup: judgedLookup(host, resolve) });
}

function judgedLookup(
  host: OutwardHost,
  resolve: Resolve = host.isNamed ? resolveName : resolveStrangers,
  heard?: Heard,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const refused = error ?? refusedAddress(host, addresses);
      if (refused) return callback(refused, '', 4);
      const [first] = addresses;
      if (!first) return callback(new Error('no address'), '', 4);
      heard?.(addresses);
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}

/** As addresses are written outside of URLs. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** A host that is an address is never looked up: asked before the first connection. Undefined for names. */
export function refusedLiteral(host: OutwardHost): RefusedAddress | undefined {
  const address = withoutBrackets(host.hostname);
  return isIP(address) === 0 ? undefined : refusedAddress(host, [{ address, family: isIP(address) }]);
}

/** One that may not be asked refuses all: which of them is taken is for the network to choose. */
export function refusedAddress(host: OutwardHost, addresses: LookupAddress[]): RefusedAddress | undefined {
  const { hostname, isNamed } = host;
  const itself = /^(localhost|\[.*\]|[\d.]+)$/.test(hostname);
  for (const { address } of addresses) {
    const nearness = nearnessOf(address);
    if (nearness === 'outside' || (isNamed && (nearness === 'inside' || itself))) continue;
    const why = nearness === 'inside' ? 'is an address inside' : 'is this machine, its link or its cloud';
    return new RefusedAddress(host, address, why);
  }
  return undefined;
}

/** fetch says "fetch failed"; where it was us who refused, that is in the cause. */
export function refusedIn(error: unknown): RefusedAddress | undefined {
  if (error instanceof RefusedAddress) return error;
  const { cause } = error as { cause?: unknown };
  return cause === undefined ? undefined : refusedIn(cause);
}
