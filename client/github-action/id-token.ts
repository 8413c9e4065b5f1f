import { otherExitCodes } from '../../domain/outcomes.ts';
import { CliFailure, interruptedFailure } from '../cli/failures.ts';
import type { Io } from '../cli/io.ts';
import { parseJson } from '../cli/gateway-http.ts';

interface IdTokens {
  env: Record<string, string | undefined>;
  audience: string;
  io: Pick<Io, 'now' | 'sleep' | 'signal'>;
  mask: (secret: string) => void;
}

/** GitHub's are good for five minutes. */
const goodForMs = 2 * 60_000;
const pausesMs = [500, 2_000];
const timeoutMs = 15_000;

/** Tokens that GitHub signs for this job: the same one for a while, and then another. Throws CliFailure. */
export function idTokens({ env, audience, io, mask }: IdTokens): () => Promise<string> {
  let kept: { token: string; until: number } | undefined;
  const asked = whereToAsk(env, audience);
  const ask = async (): Promise<string> => {
    const response = await fetch(asked.url, {
      headers: { accept: 'application/json', authorization: `Bearer ${asked.secret}` },
      redirect: 'error',
      signal: AbortSignal.any([io.signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    const { value } = (parseJson(await response.text()) ?? {}) as { value?: unknown };
    if (typeof value !== 'string' || !/^[\x21-\x7e]{1,20000}$/.test(value))
      throw new Error('it answered with no token');
    return value;
  };
  const fresh = async (): Promise<string> => {
    for (const pause of [...pausesMs, undefined]) {
      try {
        return await ask();
      } catch (error) {
        if (io.signal.aborted) throw interruptedFailure();
        if (pause === undefined) throw noToken(error);
        await io.sleep(pause, io.signal).catch(() => {
          throw interruptedFailure();
        });
      }
    }
    throw new Error('not reached');
  };
  return async () => {
    if (kept && io.now() < kept.until) return kept.token;
    const token = await fresh();
    mask(token);
    kept = { token, until: io.now() + goodForMs };
    return token;
  };
}

function whereToAsk(env: IdTokens['env'], audience: string): { url: URL; secret: string } {
  const url = URL.parse(env['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '');
  const secret = env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'];
  if (!url || !secret)
    throw new CliFailure({
      code: 'no-id-token',
      message: 'GitHub signs no token for this job',
      next: 'Give the job `permissions: { id-token: write, contents: read }`. Jobs of pull requests from forks get none.',
      exitCode: otherExitCodes.usage,
    });
  url.searchParams.set('audience', audience);
  return { url, secret };
}

function noToken(error: unknown): CliFailure {
  const why = error instanceof Error ? error.message : String(error);
  return new CliFailure({
    code: 'no-id-token',
    message: `GitHub was asked for a token of this job, and gave none: ${why}`,
    next: 'Run the job again; https://www.githubstatus.com says whether Actions are well.',
    exitCode: otherExitCodes.unreachable,
    // Whoever follows a release waits for it as for a gateway that is away.
    gateway: { temporary: true },
  });
}
