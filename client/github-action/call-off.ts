import { randomUUID } from 'node:crypto';
import { CliFailure } from '../cli/failures.ts';
import { createGatewayClient } from '../cli/gateway-client.ts';
import type { GatewayClient } from '../cli/gateway-client.ts';
import type { Io } from '../cli/io.ts';
import type { Inputs } from './inputs.ts';

interface Cancelled {
  inputs: Inputs;
  /** Absent where it is not known whether it has started. */
  releaseId: string | undefined;
  /** Asks for the same start again, which tells the id. */
  startAgain: (gateway: Pick<Io, 'signal' | 'sleep'>) => Promise<string>;
  io: Pick<Io, 'sleep'>;
}

/** The runner asks to end, and ends what has not 7.5 s later. */
const longestMs = 4_000;

/** What becomes of the release of a job that was cancelled, in words, and whether it goes on as far as is known. */
export async function callOff({
  inputs,
  releaseId,
  startAgain,
  io,
}: Cancelled): Promise<{ becomes: string; goesOn: boolean }> {
  const { onCancel, abortToken, gateway: url } = inputs;
  if (onCancel === 'detach' || abortToken === undefined) return { becomes: 'the release goes on', goesOn: true };
  const inTime = { signal: AbortSignal.timeout(longestMs), sleep: io.sleep };
  const gateway = createGatewayClient({ url, token: abortToken, io: inTime, timeoutMs: longestMs });
  try {
    return { becomes: await abort(gateway, releaseId ?? (await startAgain(inTime))), goesOn: false };
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    const why = error.details.code === 'interrupted' ? `nobody answered within ${longestMs / 1_000} s` : error.message;
    return { becomes: `it could not be aborted: ${why}. The release may go on`, goesOn: true };
  }
}

async function abort(gateway: GatewayClient, releaseId: string): Promise<string> {
  const { message } = await gateway.decide(releaseId, {
    decisionId: randomUUID(),
    kind: 'abort',
    channel: 'github-action',
    reason: 'the job of GitHub Actions was cancelled',
  });
  return `it was told to abort: ${message}`;
}
