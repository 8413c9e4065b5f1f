import { afterHalt } from './after-halt.ts';
import { courseInWords } from './approval-course.ts';
import type { NoWayBack } from './after-halt.ts';
import type { LaneMember } from './contract/lane.ts';
import type { RunRecorded } from './contract/gateway.ts';
import type { LaneKey } from './contract/names.ts';
import { changedInShort } from './hold-reason.ts';
import type { Millis } from './contract/release.ts';
import type { FailingStep, LaneStatus, ReleaseStatus, WaitingFor } from './contract/status.ts';
import { decisionCommands } from './decision-commands.ts';
import { whyNoneBegins } from './engine-versions.ts';
import type { EngineVersion, NoneCurrent } from './engine-versions.ts';
import type { FailureDetails } from './errors/failure.ts';
import { isUnseen } from './failure-course.ts';
import { keepsOut } from './lane-closures.ts';
import { tellCommand } from './lane-standing.ts';
import { whyNotBegun, whyNotHere } from './not-begun.ts';
import type { Asked } from './not-begun.ts';
import { meaningOf } from './outcomes.ts';
import { isStuck, stepInWords } from './pending-step.ts';
import type { PendingStep } from './pending-step.ts';
import { memberKindOf } from './run-kinds.ts';
import { unprovenInWords } from './unproven-orders.ts';
import { firstSentence, head } from './whole-text.ts';

export interface WhyFacts {
  releaseId: string;
  open: boolean;
  outcome?: string;
  summary?: string;
  service?: string;
  environment?: string;
  /** What was asked for, where Temporal does not know the run and by the records it has changed nothing. */
  unbegun?: Asked;
  /** Where it has begun by the records, and Temporal knows neither it nor its lane. */
  elsewhere?: Asked & { namespace: string };
  status?: ReleaseStatus;
  recorded?: RunRecorded;
  /** Where no workflow worker answers: the version that alone could, if there is one. */
  version?: Pick<EngineVersion, 'buildId' | 'polled'>;
  /** Where it is on no version, and none is current that it could begin on. */
  noneCurrent?: NoneCurrent;
  /** Of a run that is halted or held, where that can be seen. */
  noWayBack?: NoWayBack;
  pending: PendingStep[];
  /** The lane that it waits for, where it can be seen. */
  lane?: LaneKey & { status: LaneStatus };
  now: Millis;
}

/** Why a run is (not) moving, most telling first, each line with who can move it. Never empty. */
export function explain(facts: WhyFacts): string[] {
  const { open, status, pending } = facts;
  if (!open) return howItEnded(facts);
  const lines = [
    ...(status ? [] : [...noAnswer(facts), ...onRecord(facts)]),
    ...(status?.warnings ?? []).map((warning) => `Warning: ${warning}.`),
    ...(status ? troubles(status) : []),
    ...(status?.waitingFor ? waits(facts, status.waitingFor) : []),
    ...pending.map(stepInWords),
  ];
  return lines.length > 0 ? lines : [`It is ${status?.stage ?? 'running'}: ${status?.doing ?? ''}.`];
}

function howItEnded({
  outcome,
  summary,
  releaseId,
  service,
  environment,
  noWayBack,
  unbegun,
  elsewhere,
}: WhyFacts): string[] {
  if (unbegun) return whyNotBegun(unbegun);
  if (elsewhere) return whyNotHere(elsewhere);
  const [cause = '', ...rest] = (summary ?? '').trim().split('\n');
  const said = cause.replace(/\.$/, '');
  const end = [`It has ended: ${outcome ?? 'without a recorded outcome'}${said ? `, ${said}` : ''}.`, ...rest];
  const isKnown = service !== undefined && environment !== undefined;
  return meaningOf(outcome).undoable === 'left-behind' && isKnown
    ? [...end, ...afterHalt({ releaseId, service, environment, ...(noWayBack !== undefined && { noWayBack }) })]
    : end;
}

/** What keeps an open run, where it is not what it waits for: a line for each step that fails or that no worker takes. */
export function inTrouble({ pending, now }: Pick<WhyFacts, 'pending' | 'now'>, status?: ReleaseStatus): string[] {
  const failing = (status?.failing ?? []).map(failingInWords);
  return [...failing, ...pending.filter((one) => isStuck(one, now)).map(stepInWords)];
}

/** What has gone wrong in a run that is open: steps that are tried again, or the failure that a person decides about. */
function troubles({ failing = [], failure, stage, timings }: ReleaseStatus): string[] {
  if (failing.length > 0) return failing.flatMap((one) => [failingInWords(one), `Next: ${one.failure.next}`]);
  if (!failure) return [];
  const since = stage === 'held' ? timings.findLast((timing) => timing.stage === 'held')?.startedAt : undefined;
  return [
    `${causeInWords(failure)}${since === undefined ? '' : ` Held since ${time(since)}.`}`,
    `Next: ${failure.next}`,
  ];
}

function failingInWords({ step, failure, since, triedAgainAt, heldUntil }: FailingStep): string {
  const held = heldUntil === undefined ? '' : `; held until ${time(heldUntil)}, then it ends`;
  if (isUnseen(failure))
    return `${step} waits since ${time(since)}: ${causeInWords(failure)} It asks again at ${time(triedAgainAt)}${held}.`;
  return `${step} fails since ${time(since)}: ${causeInWords(failure)} Tried again at ${time(triedAgainAt)}${held}.`;
}

function causeInWords({ code, title, detail }: Pick<FailureDetails, 'code' | 'title' | 'detail'>): string {
  const line = head(detail.replaceAll(/\s+/g, ' ').trim(), 300).replace(/\.$/, '');
  return `${code} ${title}${line ? `: ${line}` : ''}.`;
}

function waits({ releaseId, status, lane, noWayBack, now }: WhyFacts, waiting: WaitingFor): string[] {
  const until = waiting.until === undefined ? '' : `, until ${time(waiting.until)}`;
  if (status?.stage === 'awaiting-lane') {
    const since = status.timings?.findLast(({ stage }) => stage === 'awaiting-lane')?.startedAt;
    const what = `It waits ${since === undefined ? '' : `since ${time(since)} `}for ${firstSentence(waiting.what)}${until}.`;
    return [what, ...(lane ? movesLane(releaseId, { ...lane, told: waiting.what }, now) : [])];
  }
  const commands = decisionCommands(releaseId, waiting.decisions).map((command) => `\`${command}\``);
  const by = commands.length > 0 ? `: ${commands.join(', ')}` : '';
  const isClosed = noWayBack !== undefined && status?.stage === 'held';
  const course = courseInWords(waiting, now);
  return [
    `It waits for ${waiting.what}: ${waiting.who} can move it${until}${by}.`,
    ...(course === undefined ? [] : [`${course.charAt(0).toUpperCase()}${course.slice(1)}.`]),
    ...(isClosed ? [rollbackInVain(noWayBack)] : []),
  ];
}

function rollbackInVain({ why, next }: NoWayBack): string {
  return `A rollback would be refused: ${why}.${next === undefined ? '' : ` ${next}`}`;
}

/** A lane moves nothing by itself while it is closed: a person opens it. `told`: what the run has heard of it. */
function movesLane(
  releaseId: string,
  { service, environment, status, told }: LaneKey & { status: LaneStatus; told: string },
  now: Millis,
): string[] {
  if (status.holder) return [`${status.holder.releaseId} has the lane since ${time(status.holder.since)}.`];
  const known = status.queue.find((one) => one.releaseId === releaseId);
  const member: LaneMember = known ?? {
    releaseId,
    kind: memberKindOf(releaseId),
    commit: '',
    queue: 'fifo',
    joinedAt: now,
  };
  const place = `--service ${service} --environment ${environment}`;
  const closed = status.closures.filter((closure) => keepsOut(closure, member, now));
  if (closed.length === 0 && told.startsWith(lanesReason)) return notHeard({ service, environment });
  return closed.flatMap((closure) => {
    if (closure.kind === 'window') return [];
    const command = closure.kind === 'hold' ? 'lane clear-hold' : 'unfreeze';
    const stands = `${closure.kind === 'hold' ? 'The hold' : `The freeze of ${closure.by}`} stands since ${time(closure.from)}`;
    const when =
      closure.kind === 'hold'
        ? `\`slipway lane ${place} --full\` says all of why. Once somebody has looked at what was left behind, whoever may approve, or is on call,`
        : 'When it may end, whoever may approve';
    const unproven = unprovenInWords(closure);
    const who = unproven === undefined ? '' : ` (${unproven})`;
    return [`${stands}${who}. ${when} opens the lane: \`slipway ${command} ${place} --id ${closure.id} --reason …\`.`];
  });
}

/** How a run begins what its lane has told it. */
const lanesReason = 'the lane: ';

function notHeard(lane: LaneKey): string[] {
  const look = `slipway lane --service ${lane.service} --environment ${lane.environment}`;
  return [
    'Nothing on record closes the lane, and nobody holds it: the lane itself may not have heard that.',
    `Next: \`${tellCommand(lane)}\` has it told; \`${look}\` shows what else it says, and what ends that.`,
  ];
}

function time(at: Millis): string {
  return new Date(at).toISOString();
}

/** What its steps go by is known, whoever answers. */
function onRecord({ releaseId, recorded }: WhyFacts): string[] {
  if (!recorded) return [];
  const { planHash, approvals, changed } = recorded;
  if (changed.length > 0) return [`By the records it has begun to change ${changedInShort(changed)}.`];
  if (planHash === undefined) return ['By the records it has no plan yet, and has changed nothing.'];
  const by =
    approvals.length === 0 ? 'no approval of it is stored' : `approved by ${approvals.map(({ by }) => by).join(', ')}`;
  return [
    `By the records its plan is made (\`slipway plan ${releaseId}\` shows it), ${by}, and it has changed nothing yet.`,
  ];
}

function noAnswer({ version, noneCurrent }: WhyFacts): string[] {
  if (noneCurrent) return whyNoneBegins(noneCurrent);
  if (!version) return ['No engine worker answers: start one, and the run goes on where it was.'];
  const { buildId, polled } = version;
  if (polled) return [`No engine worker of version ${buildId} answers in time: they may be busy, or hang.`];
  return [
    `It waits for an engine worker of version ${buildId}: none polls. Start one of that version, and the run goes on where it was.`,
  ];
}
