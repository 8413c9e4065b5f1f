import { refuseDecider } from '../../domain/approval.ts';
import { componentsIn } from '../../domain/components-in.ts';
import type { PlannedComponent, ReleasePlan, ReleaseSpec, VerifiedRelease } from '../../domain/contract/release.ts';
import { decidersBy } from '../../domain/deciders.ts';
import { artifactOf } from '../../domain/delivery.ts';
import { artifactMade } from '../shared/artifact-made.ts';
import { judgeDrift } from '../../domain/drift.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { closureInWords } from '../../domain/lane-closures.ts';
import { assemblePlan } from '../../domain/plan.ts';
import { regionsLeft } from '../../domain/regions-of-order.ts';
import type { RollbackChoice } from '../../domain/rollback.ts';
import { outlineOfPlan, outlineOfRead } from '../../domain/outline.ts';
import { refuseBeyondPolicy } from '../../domain/plan-bounds.ts';
import type { Registry } from '../images/port.ts';
import type { Lanes } from '../lanes/port.ts';
import type { Notifier } from '../notify/port.ts';
import type { Records } from '../records/port.ts';
import { says } from '../shared/saying.ts';
import type { Verifier } from '../shared/signatures.ts';
import type { Source } from '../source/port.ts';
import { createAnnounce } from './announce.ts';
import { authorize, hashOfPlan } from './authorize.ts';
import { authorsOf } from './authors.ts';
import { chooseArtifacts } from './choose-artifacts.ts';
import { chooseRollbacks, rollbackWarnings } from './choose-rollbacks.ts';
import { keepChoice } from './chosen-way-back.ts';
import { passedOnGrant } from './lane-closings.ts';
import { placeOf, placeOnRecord } from './migration-place.ts';
import { beating } from '../shared/polling.ts';
import { leftBehindIn, leftBehindWarnings, putBackBy } from './left-behind.ts';
import type { PipelineReader } from './pipeline-reader.ts';
import { notSigned } from './not-signed.ts';
import { askerOf, orderOfRun, requireSubject } from './order-of-run.ts';
import { createRecordEnd } from './record-end.ts';
import { keepProceeds, laneMarks } from './overtaken.ts';
import { keepPlanHash, planHashOf, plannedSince } from './recorded-result.ts';
import { promotedSince } from './promote.ts';
import { regionProofs } from './region-proofs.ts';
import type { SeenWell } from './region-proofs.ts';
import { releaseRecord, requireOpen, requireOwnRun } from './release-record.ts';
import { verifiedLast } from '../../domain/verified-last.ts';
import { ancestorsAmong, commitsOf, refuseOlderCode, schemaGapsOf } from './schema-age.ts';
import { tellUnderWay } from './tell-under-way.ts';
import { changedBy, requireUnchanged, thisRun } from './touching.ts';
import type { Authority, EngineSteps, LocalSteps } from './types.ts';
import { requireUnderstood } from './understood.ts';
import { voidBy } from './void-decision.ts';
import { waitedMs } from './waited.ts';

export interface EngineDependencies {
  source: Source;
  registry: Registry;
  records: Records;
  lanes: Lanes;
  pipeline: PipelineReader;
  notifierFor: (targets: ReleaseSpec['notify']) => Notifier;
  verifier: Verifier;
  now: () => number;
}

export function createLocalSteps({ verifier }: Pick<EngineDependencies, 'verifier'>): LocalSteps {
  return {
    verifySignature: (signed) => Promise.resolve(verifier.verify(signed)),
    verifyOrder: (signed) => Promise.resolve(verifier.verifyOrder(signed)),
  };
}

/** Records, plans and rules: no credentials of any environment, no code from repositories. */
export function createEngineSteps(deps: EngineDependencies): EngineSteps {
  const { records, lanes, pipeline, verifier, now } = deps;
  const authorizing = { records, verifier, now, floorOf: (name: string) => pipeline.floorOf(name) };
  const planOf = async (planHash: string): Promise<ReleasePlan> => {
    const plan = await records.plans.find(planHash);
    if (!plan) throw failure('SLIP-REL-1', `no plan ${planHash.slice(0, 12)} is stored`);
    if (hashOfPlan(plan) !== planHash) throw failure('SLIP-REC-6', `plan ${planHash.slice(0, 12)} has another hash`);
    return plan;
  };
  /** For a step that acts by it. */
  const understoodPlan = async (planHash: string): Promise<ReleasePlan> => {
    const plan = await planOf(planHash);
    requireUnderstood(plan);
    return plan;
  };
  const requireSigned = async (id: string): Promise<void> => {
    const signed = await records.decisions.find(id);
    if (signed && !verifier.verify(signed)) throw notSigned(`decision ${id}`, signed, verifier);
  };
  return {
    async readRelease({ releaseId }) {
      requireOwnRun(releaseId);
      const record = releaseRecord(deps, releaseId);
      const request = await record.openRequest();
      const read = await beating(async () => chooseArtifacts(request, (await pipeline.read(request)).spec, deps));
      await record.keepRead(read);
      await tellUnderWay(deps, 'started', { run: releaseId, commit: request.commit, targets: read.spec.notify });
      return { outline: outlineOfRead(read), earlier: await changedBy(records, releaseId) };
    },

    joinLane: ({ lane, member }) => lanes.join(lane, member),

    planRelease: ({ releaseId }) =>
      beating(async () => {
        requireOwnRun(releaseId);
        const record = releaseRecord(deps, releaseId);
        const request = await record.openRequest();
        requireUnderstood(await record.read());
        const contents = await record.contents();
        const { spec, artifacts } = contents;
        const places = spec.migrations.map(({ database }) => placeOnRecord(contents, database));
        const [migrations, gates] = await Promise.all([record.migrations(places), record.gates(contents)]);
        const olderThanSchema = await schemaGapsOf(deps, { request, regions: spec.regions });
        await refuseOlderCode(deps, request, olderThanSchema);
        const plan = withArtifacts(assemblePlan({ request, spec, artifacts, migrations, gates, olderThanSchema }));
        const beyond = refuseBeyondPolicy(plan, await pipeline.floorOf(plan.environment));
        if (beyond !== undefined) throw failure('SLIP-CFG-3', beyond);
        const planHash = hashOfPlan(plan);
        await records.plans.store(planHash, plan);
        // What it has left somewhere is told by the plan in force.
        await requireUnchanged(records, releaseId);
        const inventory = await records.inventory.current(plan);
        // A step that is repeated, and a plan that was made again as it was, have been before people since then.
        const since = (await plannedSince(records.plans, releaseId, planHash)) ?? (await records.clock.now());
        const comparedWith = verifiedLast(inventory) ?? 'nothing';
        await keepPlanHash(records.plans, releaseId, planHash, { comparedWith, since });
        says({ planHash, commit: plan.commit });
        const regions = plan.regions.map(({ name }) => name);
        const [problem, unseen, warnings, left] = await Promise.all([
          pipeline.policyProblem(),
          record.notes(),
          rollbackWarnings(deps, { plan, releaseId, regions }),
          leftBehindIn(records, plan, inventory),
        ]);
        return {
          plan: outlineOfPlan(plan, planHash, {
            putBack: putBackBy(plan, left, inventory),
            otherVariables: otherVariables(plan, inventory),
          }),
          warnings: [
            ...(problem === undefined ? [] : [problem]),
            ...(unseen ?? [placesUnseen]),
            ...leftBehindWarnings(left),
            ...warnings,
          ],
        };
      }),

    judgePlanDrift: ({ releaseId, planHash }) =>
      beating(async () => {
        requireOwnRun(releaseId);
        const closure = await passedOnGrant(deps, releaseId, now());
        if (closure) return { kind: 'closed', why: closureInWords(closure) };
        const record = releaseRecord(deps, releaseId);
        const [plan, request, { spec }] = await Promise.all([
          understoodPlan(planHash),
          record.request(),
          record.read(),
        ]);
        const places = plan.migrationSpecs.map(({ database }) => placeOf(plan, database));
        const seen = await Promise.all(places.map((place) => record.migrationSeen(place)));
        const marks = await laneMarks(records, plan);
        const inventory = await records.inventory.current(plan);
        const commits = commitsOf(inventory);
        const ancestors = new Set(await ancestorsAmong(deps, request, commits));
        const verdict = judgeDrift({
          plan,
          policy: await pipeline.policyOf(plan),
          ...(spec.policyFloor && { plannedUnder: spec.policyFloor }),
          migrations: seen.filter((one) => one !== undefined),
          unseen: places.filter((_place, n) => !seen[n]).map(({ migration }) => migration.database),
          inventory,
          notAncestors: commits.filter((commit) => !ancestors.has(commit)),
          gaps: await schemaGapsOf(deps, { request, regions: plan.regions }),
          downgrade: request.downgrade,
        });
        if (verdict.kind !== 'proceed' && verdict.kind !== 're-approve') return verdict;
        // Also where a new plan is made for another reason: it would be made of the images that are verified there now.
        const moved = await promotedSince(records, plan, spec);
        if (moved || verdict.kind !== 'proceed') return moved ?? verdict;
        await keepProceeds(records.plans, { releaseId, planHash }, marks);
        await tellUnderWay(deps, 'changing', { run: releaseId, commit: plan.commit, targets: spec.notify });
        return verdict;
      }),

    async checkDecision({ signed: { decision }, subject, planHash }) {
      const request = await releaseRecord(deps, subject).request();
      const requestedBy = askerOf(await orderOfRun(deps, decision.releaseId), request);
      const floor = await pipeline.floorOf(request.environment);
      const plan = planHash ? await planOf(planHash) : undefined;
      const authors = await authorsOf(records.plans, subject);
      const deciders = decidersBy(floor, request.service, plan);
      const asked = planHash && { releaseId: subject, planHash, policies: deciders.policies };
      const waited = asked ? await waitedMs(records, asked) : undefined;
      const refused =
        refuseDecider({ decision, requestedBy, authors, waitedMs: waited, ...deciders }) ??
        (await voidBy(records.decisions, decision));
      return refused === undefined ? {} : { refused };
    },

    async consumeApproval({ releaseId, planHash, decisionIds }) {
      await requireOpen(records, releaseId);
      await Promise.all(decisionIds.map(requireSigned));
      await records.decisions.consume({ releaseId, planHash, decisionIds, at: now() });
      // They are on record, and approve this plan: else they could not have been used for it.
      if (decisionIds.length > 0) says({ planHash, decisionIds: [...new Set(decisionIds)] });
    },

    announce: createAnnounce(deps),

    async recordVerified({ authority, regions }) {
      const plan = await authorize(authority, authorizing, { purpose: 'deploy', regions });
      const seen = await regionProofs(records).require(authority, plan, regions);
      const rows = verifiedRows(plan, authority, { regions, seen, verifiedAt: await records.clock.now() });
      says({ planHash: authority.planHash, regions: [...new Set(rows.map(({ region }) => region))] });
      const after = Object.entries(seen).map(([region, { after }]) => [region, after] as const);
      await records.inventory.record(rows, Object.fromEntries(after));
    },

    async chooseRollbacks({ planHash, releaseId, regions }) {
      const { workflowId } = thisRun();
      await requireSubject(deps, releaseId);
      const plan = await understoodPlan(planHash);
      if ((await planHashOf(records.plans, releaseId)) !== planHash)
        throw failure('SLIP-REL-1', `${planHash.slice(0, 12)} is not the plan of ${releaseId}`);
      const choices = await chooseRollbacks(deps, { plan, releaseId, regions });
      says({ planHash, choices: choices.map(choiceInWords) });
      for (const choice of choices) await keepChoice(records, workflowId, choice);
      return choices;
    },

    recordEnd: createRecordEnd(deps),

    async takeOver({ releaseId }) {
      requireOwnRun(releaseId);
      const { runId } = thisRun();
      // What the run names would be its own word: whoever starts a workflow under the id of one that was ended could go on for it.
      const from = await lanes.before(thisRun());
      await records.touched.handOver(releaseId, { from: from ?? runId, to: runId });
      says({ from: from ?? runId, to: runId });
    },

    async findRelease({ releaseId, by }) {
      requireOwnRun(by);
      const attempt = await records.attempts.find(releaseId);
      const planHash = await planHashOf(records.plans, releaseId);
      const plan = planHash === undefined ? undefined : await records.plans.find(planHash);
      if (!attempt || !plan || planHash === undefined) throw failure('SLIP-REL-6', `${releaseId} has no recorded plan`);
      requireUnderstood(plan);
      const touched = regionsLeft({ outcome: attempt.outcome, changed: await changedBy(records, releaseId) });
      if (touched?.length === 0) throw failure('SLIP-REL-6', `${releaseId} had changed no region`);
      // As it was read then: a rollback must not depend on a branch that may be gone, a git server, or rules that came later.
      const read = await releaseRecord(deps, releaseId).read();
      return {
        plan: outlineOfPlan(plan, planHash),
        outline: outlineOfRead(read),
        earlier: await changedBy(records, by),
        ...(touched && { touched }),
      };
    },
  };
}

/** Where more is put in place than an image, the plan says what, by its hash. */
function withArtifacts(plan: ReleasePlan): ReleasePlan {
  const components = plan.components.map((component) => {
    const artifact = artifactMade(component);
    return artifact.digest === artifactOf(component).digest ? component : { ...component, artifact };
  });
  return { ...plan, components };
}

/** By component, regions where the very image of the plan is verified, as something else. */
function otherVariables({ components }: ReleasePlan, inventory: readonly VerifiedRelease[]): Map<string, string[]> {
  const isOther = (row: VerifiedRelease, component: PlannedComponent) =>
    row.component === component.name &&
    row.image === component.image &&
    row.artifact.digest !== artifactOf(component).digest;
  return new Map(
    components.map((component) => [
      component.name,
      inventory.filter((row) => isOther(row, component)).map(({ region }) => region),
    ]),
  );
}

/** A plan that was made without the look of an environment's worker: the engine has no rights in any region. */
const placesUnseen = 'no region was looked at before this plan was made: what it names may not be there';

/** For the audit. */
function choiceInWords(choice: RollbackChoice): string {
  if (choice.kind === 'refused') return `${choice.region}: none`;
  return `${choice.region}: ${choice.targets.map(({ component, image }) => `${component} ${image}`).join(', ')}`;
}

function verifiedRows(
  plan: ReleasePlan,
  { releaseId, planHash }: Authority,
  { regions, seen, verifiedAt }: { regions: string[]; seen: Record<string, SeenWell>; verifiedAt: number },
): VerifiedRelease[] {
  const { service, environment, commit } = plan;
  const about = { service, environment, commit, releaseId, planHash, verifiedAt, state: 'verified' as const };
  return plan.regions
    .filter(({ name }) => regions.includes(name))
    .flatMap(({ name: region }) =>
      componentsIn(plan, region).map((c) => ({
        ...about,
        region,
        component: c.name,
        image: c.image,
        artifact: artifactOf(c),
        ...(seen[region]?.unseen.includes(c.name) && { unseen: true }),
      })),
    );
}
