import { Agent, fetch, type RequestInit, type Response } from 'undici';
import { failure } from '../../domain/errors/catalogue.ts';
import { outwardAgent, refusedIn, refusedLiteral, type Resolve } from '../shared/outward.ts';

/** Who has named a host: the operator's policy; a registry that the policy names, as the place for its tokens; or anybody. */
export type NamedBy = 'policy' | 'named-registry' | 'stranger';

export interface Reach {
  /** Of a `host[:port]` as it stands in names of images. */
  namerOf(host: string): Promise<'policy' | 'stranger'>;
  /**
   * One request, at most half a minute with its answer. Redirects are answers like others: registries redirect blobs, which nobody asks for
   * here, and whoever may answer for a manifest must not choose where else the engine goes. Throws SLIP-IMG-2, or SLIP-IMG-6 for a host that
   * leads inside.
   */
  ask(url: URL, namedBy: NamedBy, init: RequestInit): Promise<Response>;
}

export interface ReachOptions {
  /** Whether the operator's policy names this registry. */
  isNamed: (host: string) => Promise<boolean>;
  /** How names are resolved that the policy does not have. */
  resolve?: Resolve | undefined;
}

const timeoutMs = 30_000;

/**
 * The only way by which a registry is asked. What the policy does not name goes by addresses that are judged and pinned: a Dockerfile names
 * whom it likes, and a registry that it names sends for tokens wherever it likes. A registry that the policy names may have its tokens given
 * out on a private network beside it; nobody's leads to this machine or a cloud's metadata.
 */
export function createReach({ isNamed, resolve }: ReachOptions): Reach {
  const known = new Agent();
  return {
    namerOf: async (host) => ((await isNamed(host)) ? 'policy' : 'stranger'),
    async ask(url, namedBy, init) {
      const host = { hostname: url.hostname, isNamed: namedBy !== 'stranger' };
      const dispatcher = namedBy === 'policy' ? known : outwardAgent(host, resolve);
      try {
        const refused = namedBy === 'policy' ? undefined : refusedLiteral(host);
        if (refused) throw refused;
        const signal = AbortSignal.timeout(timeoutMs);
        return await fetch(url, { ...init, redirect: 'manual', dispatcher, signal });
      } catch (error) {
        throw whyNot(url, error);
      } finally {
        // Ends with the answer, which is still to be read.
        if (dispatcher !== known) void dispatcher.close().catch(() => undefined);
      }
    },
  };
}

/** Not which address it is: what names of the operator's own network stand for is nothing to tell whoever can write a Dockerfile. */
function whyNot(url: URL, error: unknown) {
  if (refusedIn(error))
    return failure('SLIP-IMG-6', `${url.host} is at an address inside, which the policy does not name`);
  const { cause, message } = error as Error;
  const why = cause instanceof Error ? cause.message || cause.name : message;
  return failure('SLIP-IMG-2', `${url.host}: ${why}`);
}
