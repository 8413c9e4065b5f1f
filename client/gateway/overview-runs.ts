import { heardAmong } from '../../activities/steps/heard.ts';
import { asksAPerson } from '../../domain/asks-a-person.ts';
import type { DecisionKind } from '../../domain/contract/decisions.ts';
import type { ReleaseRow, RunState } from '../../domain/contract/gateway.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { ApprovalWanted, OpenRun } from '../../domain/contract/overview.ts';
import type { GatewayParts } from './calls.ts';
import { judgeOf, planInForce } from './decisions.ts';
import type { Refuse } from './decisions.ts';
import { whyNotDecidedBy } from './mine.ts';
import type { Decidable } from './mine.ts';
import { listReleases } from './release-list.ts';
import type { Asker } from './rights.ts';
import { mostAsked } from './run-states.ts';
import type { RunSaid, RunStates } from './run-states.ts';

/** More than anybody reads at one look. */
const mostRuns = 100;
/** Of so many that wait for somebody it is told for whom; the first to run out of time come first. */
const mostJudged = 20;

/** What goes on, whoever looks at it. */
export interface RunsSeen {
  runs: OpenRun[];
  /** Those that wait for somebody, of which it is told for whom. */
  waiting: Waiting[];
  isMore: boolean;
  /** So many wait for somebody, and for whom was not looked at. */
  unjudged: number;
  /** Of so many nobody has said in time how they stand. */
  untold: number;
}

/** By what is on record of it, which is read once for all who look. */
interface Waiting extends Decidable {
  /** Absent where none is wanted, and where there is no plan that could be read. */
  approval?: ApprovalWanted;
}

/** What goes on in these lanes. */
export async function openRuns(
  parts: GatewayParts,
  { among, states }: { among: readonly LaneKey[] | undefined; states: RunStates },
): Promise<RunsSeen> {
  const asIs = { of: async (rows: readonly ReleaseRow[]) => [...rows] };
  const { releases, next } = await listReleases(parts, { open: true, limit: mostRuns, ...(among && { among }) }, asIs);
  const said = await saidOf(releases, states);
  const asked = releases
    .flatMap(({ releaseId }) => ({ releaseId, state: said.get(releaseId)?.state }))
    .filter((one): one is { releaseId: string; state: RunState } => one.state !== undefined && asksAPerson(one.state))
    .sort((one, other) => untilOf(one.state) - untilOf(other.state));
  const waiting = await Promise.all(asked.slice(0, mostJudged).map((one) => waitingOf(parts, one)));
  return {
    runs: releases.map((row) => withSaid(row, said.get(row.releaseId))),
    waiting,
    isMore: next !== undefined,
    unjudged: asked.length - waiting.length,
    untold: releases.filter(({ releaseId }) => !said.has(releaseId)).length,
  };
}

/** The same runs, with what of them waits for whoever asks. */
export async function withMine(
  asker: Asker,
  { runs, waiting }: Pick<RunsSeen, 'runs' | 'waiting'>,
): Promise<OpenRun[]> {
  const judged = await Promise.all(
    waiting.map(async (one) => {
      const { releaseId, approval } = one;
      const waitsForMe = await isForMe(asker, one);
      return [releaseId, { waitsForMe, ...(approval && { approval }) }] as const;
    }),
  );
  const mine = new Map(judged);
  return runs.map((run) => ({ ...run, ...mine.get(run.releaseId) }));
}

/** Some at a time; where none of them has answered, no worker is asked about the others. */
async function saidOf(rows: readonly ReleaseRow[], states: RunStates): Promise<ReadonlyMap<string, RunSaid>> {
  const said = new Map<string, RunSaid>();
  for (let at = 0; at < rows.length; at += mostAsked.ofList) {
    const some = rows.slice(at, at + mostAsked.ofList);
    const answers = await states.statuses(some);
    for (const [nth, answer] of answers.entries()) if (answer) said.set(some[nth]!.releaseId, answer);
    if (answers.every((answer) => answer === undefined)) break;
  }
  return said;
}

const untilOf = ({ waitingFor }: RunState) => waitingFor?.until ?? Infinity;

function withSaid(row: ReleaseRow, said: RunSaid | undefined): OpenRun {
  if (!said) return row;
  const { state, status } = said;
  const isTriedAgain = (status.failing ?? []).some(({ heldUntil }) => heldUntil !== undefined);
  return {
    ...row,
    state,
    regions: status.regions.map(({ region, phase, begunAt, since }) => ({
      ...{ region, phase },
      ...(begunAt !== undefined && { begunAt }),
      ...(since !== undefined && { since }),
    })),
    ...(status.failure && { failure: status.failure }),
    ...(isTriedAgain && { isTriedAgain }),
  };
}

async function waitingOf(
  parts: GatewayParts,
  { releaseId, state }: { releaseId: string; state: RunState },
): Promise<Waiting> {
  const planHash = await planInForce(parts, releaseId);
  const kinds = kindsOf(state);
  const isApproval = kinds.includes('approve');
  const approval = isApproval && planHash !== undefined ? await wantedOf(parts, releaseId, planHash) : undefined;
  let judged: Promise<Refuse> | undefined;
  const judge = () => (judged ??= judgeOf(parts, releaseId, planHash));
  return { releaseId, planHash, kinds, judge, ...(approval && { approval }) };
}

/** By the rule that a decision of theirs would be judged by. */
async function isForMe(asker: Asker, { approval, ...decidable }: Waiting): Promise<boolean> {
  if (approval && (approval.missing === 0 || approval.given.includes(asker.who.id))) return false;
  const refused = await whyNotDecidedBy(asker, decidable);
  return refused.includes(undefined);
}

/** What somebody is asked for: to try a step again, and to call a run off, is open to more people than are asked. */
function kindsOf({ waitingFor }: RunState): DecisionKind[] {
  const all = waitingFor?.decisions ?? [];
  if (all.includes('approve')) return ['approve'];
  const asked = all.filter((kind) => kind !== 'retry' && kind !== 'abort');
  return asked.length > 0 ? asked : all;
}

async function wantedOf(
  { records, verifier }: GatewayParts,
  releaseId: string,
  planHash: string,
): Promise<ApprovalWanted | undefined> {
  const [plan, weighed] = await Promise.all([records.plans.find(planHash), records.decisions.weigh(releaseId)]);
  if (!plan) return undefined;
  const yeses = heardAmong(weighed, verifier).filter(
    (decision) => decision.kind === 'approve' && decision.planHash === planHash,
  );
  const given = [...new Set(yeses.map(({ by }) => by.id))];
  return {
    given,
    missing: Math.max(0, Math.max(1, plan.approval.quorum) - given.length),
    noReturn: plan.migrations.flatMap(({ contracting }) => contracting),
  };
}
