import type { EndedBefore, ReleaseView, StartedRelease } from '../../domain/contract/gateway.ts';
import type { ReleaseStatus, Stage } from '../../domain/contract/status.ts';
import { otherExitCodes } from '../../domain/outcomes.ts';
import { exitCodeOf } from '../cli/exit-codes.ts';
import { amended, isInterrupted, refusedFailure } from '../cli/failures.ts';
import type { CliFailure } from '../cli/failures.ts';
import type { FollowView } from '../cli/follow-views.ts';
import { follow } from '../cli/follow.ts';
import { createGatewayClient } from '../cli/gateway-client.ts';
import type { GatewayClient } from '../cli/gateway-client.ts';
import type { Io } from '../cli/io.ts';
import { callOff } from './call-off.ts';
import { idTokens } from './id-token.ts';
import { inAJob } from './in-a-job.ts';
import { readInputs } from './inputs.ts';
import type { Inputs, Problem } from './inputs.ts';
import { logView } from './log-view.ts';
import type { Runner } from './runner.ts';
import { summaryOf } from './summary.ts';

export interface Step {
  env: Record<string, string | undefined>;
  /** Its signal is that the job is cancelled. */
  io: Pick<Io, 'now' | 'sleep' | 'signal'>;
  runner: Runner;
}

/** What is known of the release so far. */
interface Known {
  asked?: true;
  started?: StartedRelease;
  seen?: ReleaseView;
  /** As a worker has told it last: of a release that has ended there may be nobody who does. */
  status?: ReleaseStatus | undefined;
  plan?: string | undefined;
}

/** Starts a release, follows it as far as was asked for, and returns the exit code. Never throws. */
export async function release(step: Step): Promise<number> {
  const inputs = readInputs(step.env);
  if (Array.isArray(inputs)) return refuseInputs(step.runner, inputs);
  const known: Known = {};
  try {
    const { gateway, token } = connect(step, inputs);
    // Before anything is asked for: a job that is cancelled until then has started nothing.
    await token();
    const code = await startAndFollow(step, gateway, inputs, known);
    tell(step.runner, inputs, known);
    return code;
  } catch (error) {
    return conclude(step, inputs, known, inAJob(error, inputs, step.env['GITHUB_REPOSITORY_ID'] ?? ''));
  }
}

function refuseInputs(runner: Runner, problems: Problem[]): number {
  for (const { what, next } of problems) runner.annotate('error', `${what}\n${next}`, { title: 'Slipway: inputs' });
  return otherExitCodes.usage;
}

function connect({ env, io, runner }: Step, { gateway: url, audience, abortToken }: Inputs) {
  if (abortToken !== undefined) runner.mask(abortToken);
  const token = idTokens({ env, audience, io, mask: (secret) => runner.mask(secret) });
  return { gateway: createGatewayClient({ url, token, io }), token };
}

async function startAndFollow(step: Step, gateway: GatewayClient, inputs: Inputs, known: Known): Promise<number> {
  const { runner } = step;
  const { request, wait } = inputs;
  known.asked = true;
  const started = (known.started = await gateway.start(request));
  const { releaseId, created, ended } = started;
  runner.log(`release: ${releaseId}${created ? '' : ' (it was there already; nothing new was started)'}`);
  runner.output('release', releaseId);
  runner.output('url', urlOf(inputs, started));
  if (ended?.noMore) throw overtaken(releaseId, ended.noMore);
  if (ended) return tellEnd(runner, releaseId, ended);
  if (wait === 'none') return 0;
  const until = wait === 'gates' ? isBehindGates : () => false;
  const seen = await follow({ cli: step, gateway, releaseId, view: noting(step, known), until });
  return seen.open ? 0 : exitCodeOf(seen);
}

/** Of an attempt that had ended before this job has asked for it. */
function tellEnd(runner: Runner, releaseId: string, ended: EndedBefore): number {
  const says = `it has ended: ${ended.outcome}${ended.summary ? `, ${ended.summary}` : ''}`;
  const exitCode = exitCodeOf({ releaseId, ...ended });
  runner.log(says);
  runner.output('outcome', ended.outcome);
  if (exitCode !== 0) runner.annotate('error', `${releaseId}: ${says}\n${anotherAttempt}`, { title: 'Slipway' });
  return exitCode;
}

const anotherAttempt = 'For another attempt start the workflow anew with `new-attempt: true`.';

/** As it is seen last is what the summary tells. */
function noting({ runner, io }: Step, known: Known): FollowView {
  const view = logView(runner, () => io.now());
  return {
    ...view,
    show(seen) {
      known.seen = seen;
      known.status = seen.status ?? known.status;
      known.plan = seen.status?.planHash ?? seen.recorded?.planHash ?? known.plan;
      view.show(seen);
    },
  };
}

/** Builds, scans and tests are over, and the plan is there: what comes now is for people, and for other releases of the lane. */
function isBehindGates({ status }: ReleaseView): boolean {
  return status !== undefined && !gates.has(status.stage);
}

const gates: ReadonlySet<Stage> = new Set(['joining', 'building', 'checking', 'planning']);

async function conclude(step: Step, inputs: Inputs, known: Known, failure: CliFailure): Promise<number> {
  const { runner, io } = step;
  const { message, next, exitCode, problems = [] } = failure.details;
  if (isInterrupted(failure) && !known.asked) {
    runner.annotate('warning', 'The job was cancelled before anything was started.', { title: 'Slipway' });
    return exitCode;
  }
  if (isInterrupted(failure)) {
    const startAgain = (within: Pick<Io, 'signal' | 'sleep'>) => started(step, inputs, { ...io, ...within });
    const releaseId = known.started?.releaseId;
    const { becomes, goesOn } = await callOff({ inputs, releaseId, startAgain, io });
    const says = `The job was cancelled: ${becomes}.`;
    const then = known.seen && goesOn ? next : 'A job that is run again finds it.';
    runner.annotate('warning', `${says}\n${then}`, { title: 'Slipway' });
    tell(runner, inputs, known, amended(failure, { message: says, next: then }));
    return exitCode;
  }
  runner.annotate('error', `${message}\n${next}`, { title: 'Slipway' });
  for (const { file, line, column: col, message: said, hint } of problems)
    runner.annotate('error', hint ? `${said} (${hint})` : said, { file, line, col, title: 'Slipway' });
  tell(runner, inputs, known, failure);
  return exitCode;
}

async function started(step: Step, inputs: Inputs, io: Step['io']): Promise<string> {
  return (await connect({ ...step, io }, inputs).gateway.start(inputs.request)).releaseId;
}

/** Outputs and summary, and what a failed release says on top of the run. */
function tell(runner: Runner, inputs: Inputs, known: Known, failure?: CliFailure): void {
  const { started, seen, status, plan } = known;
  const cause = status?.failure;
  if (cause && seen?.open === false)
    runner.annotate('error', `${cause.detail}\n${cause.next}`, { title: `${cause.code} ${cause.title}` });
  if (!started) return;
  if (seen?.outcome !== undefined) runner.output('outcome', seen.outcome);
  if (plan !== undefined) runner.output('plan', plan);
  const { releaseId } = started;
  const { ended } = started;
  runner.summary(summaryOf({ releaseId, url: urlOf(inputs, started), seen, ended, status, failure: failure?.details }));
}

function urlOf({ gateway }: Inputs, { releaseId, pageUrl, temporalUrl }: StartedRelease): string {
  return pageUrl ?? temporalUrl ?? `${gateway}/v1/releases/${encodeURIComponent(releaseId)}`;
}

/** What was verified once says nothing of what runs now: to be taken for a success it must still be there. */
function overtaken(releaseId: string, noMore: string[]): CliFailure {
  const lines = noMore.map((line) => `\n${line}`).join('');
  return refusedFailure(
    `${releaseId} was verified, and is not what is there now; nothing was started:${lines}`,
    'To put it there again: start the workflow anew with `new-attempt: true` (and `downgrade: true`, where what is verified by now is not in its past).',
  );
}
