import { chooseArtifact, refuseGiven, verifiedCommit } from '../../domain/artifacts.ts';
import { goesTo } from '../../domain/components-in.ts';
import type { ArtifactChoice } from '../../domain/artifacts.ts';
import type { BuildInputs } from '../../domain/build-inputs.ts';
import { releaseId } from '../../domain/contract/names.ts';
import type {
  Commit,
  ComponentSpec,
  ReleasePlan,
  ReleaseRequest,
  ReleaseSpec,
  VerifiedRelease,
} from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Registry } from '../images/port.ts';
import type { Records } from '../records/port.ts';
import { inTurn } from '../shared/in-turn.ts';
import type { Source } from '../source/port.ts';
import { authorsToBe } from './authors.ts';
import { gatherBuildInputs, type GatherBuildInputs } from './build-inputs.ts';
import { promotedArtifacts, type Promoting } from './promote.ts';
import { lastPlanOf } from './recorded-result.ts';
import type { ReadRelease } from './types.ts';

interface Dependencies {
  source: Source;
  registry: Pick<Registry, 'resolve'>;
  records: Pick<Records, 'inventory' | 'plans' | 'decisions' | 'clock'>;
}

/** Which components have an image already (given, promoted, or verified and unchanged since), and which must be built, and why. */
export async function chooseArtifacts(
  request: ReleaseRequest,
  spec: ReleaseSpec,
  deps: Dependencies,
): Promise<ReadRelease> {
  const refused = refuseGiven(request.images, spec);
  if (refused !== undefined) throw failure('SLIP-CFG-3', refused);
  const inventory = await deps.records.inventory.current(request);
  const { promotion } = spec;
  const choices = promotion
    ? await choosePromotions(request, { ...spec, promotion }, deps)
    : await chooseEach(request, spec, { ...deps, inventory });
  await keepInputs(deps.records, request, choices);
  const authors = await authorsToBe(deps.source, request, inventory);
  return {
    spec,
    ...(authors && { authors }),
    artifacts: choices.flatMap(({ choice }) => (choice.kind === 'take' ? [choice.artifact] : [])),
    toBuild: choices.flatMap(({ component, choice }) =>
      choice.kind === 'build' ? [{ component, why: choice.why }] : [],
    ),
  };
}

/** An image that is promoted was built from what it was built from there. */
async function choosePromotions(
  request: ReleaseRequest,
  spec: Promoting,
  deps: Dependencies,
): Promise<ChosenComponent[]> {
  const artifacts = await promotedArtifacts(deps, request, spec);
  const planOf = plansOf(deps.records);
  return Promise.all(
    artifacts.map(async (artifact) => {
      const { component, promoted } = artifact;
      const inputs = promoted && (await keptInputs(deps.records, promoted.releaseId, component));
      const choice = await withGiver(planOf, { kind: 'take', artifact }, promoted ? [promoted.releaseId] : []);
      return { component, choice, ...(inputs && { inputs }) };
    }),
  );
}

async function chooseEach(
  request: ReleaseRequest,
  spec: ReleaseSpec,
  { inventory, ...deps }: Dependencies & { inventory: VerifiedRelease[] },
): Promise<ChosenComponent[]> {
  const gather = gatherBuildInputs(request, spec, deps);
  const changedSince = changesOf(request, deps.source);
  const planOf = plansOf(deps.records);
  return Promise.all(
    spec.components.map(async (component) => {
      const regions = spec.regions.flatMap(({ name }) => (goesTo(component, name) ? [name] : []));
      const verified = inventory.filter((row) => row.component === component.name && regions.includes(row.region));
      const chosen = await chooseOne(
        { request, component, verified, regions: regions.length, gather, changedSince },
        deps,
      );
      const choice = await withGiver(planOf, chosen.choice, releasesOf(verified));
      return { component: component.name, ...chosen, choice };
    }),
  );
}

interface Choosing {
  request: ReleaseRequest;
  component: ComponentSpec;
  verified: VerifiedRelease[];
  regions: number;
  gather: GatherBuildInputs;
  changedSince: (from: Commit) => Promise<string[] | undefined>;
}

/** Asked once for each commit, whichever components stand on it, and one after the other: an answer may be long. */
function changesOf({ repository, commit: to }: ReleaseRequest, source: Source): Choosing['changedSince'] {
  const asked = new Map<Commit, Promise<string[] | undefined>>();
  const turn = inTurn(1);
  return (from) => {
    const answer = asked.get(from) ?? turn(() => source.changedPaths({ repository, from, to }));
    asked.set(from, answer);
    return answer;
  };
}

interface Chosen {
  choice: ArtifactChoice;
  /** What its image is, or will be, built from. */
  inputs?: BuildInputs;
}

type ChosenComponent = Chosen & { component: string };

async function chooseOne(
  { request, component, verified, regions, gather, changedSince }: Choosing,
  { registry, records }: Dependencies,
): Promise<Chosen> {
  const given = Object.hasOwn(request.images, component.name) ? request.images[component.name] : undefined;
  if (given && !(await registry.resolve(given))) throw failure('SLIP-IMG-3', `${given} is not in its registry`);
  const { build } = component;
  const facts = { component, verified, regions, ...(given && { given }) };
  if (given) return { choice: chooseArtifact(facts), ...(build && { inputs: { ...build, untold: [] } }) };
  const from = verifiedCommit(verified);
  const changed = from && (await changedSince(from));
  if (!build) return { choice: chooseArtifact({ ...facts, ...(changed && { changed }) }) };
  const [before, now, dockerignores] = await Promise.all([
    Promise.all(releasesOf(verified).map((id) => keptInputs(records, id, component.name))),
    gather.inputsOf(build),
    gather.dockerignoresOf(build),
  ]);
  const choice = chooseArtifact({ ...facts, ...(changed && { changed }), inputs: { before, now }, dockerignores });
  // An image that stays was built from what it was built from: what is not known of that stays unknown.
  return { choice, inputs: choice.kind === 'take' ? (before[0] ?? now) : now };
}

/** Of each release once, whichever components it has verified: a plan may be long. */
function plansOf({ plans }: Pick<Records, 'plans'>): (releaseId: string) => Promise<ReleasePlan | undefined> {
  const asked = new Map<string, Promise<ReleasePlan | undefined>>();
  return (id) => {
    const plan = asked.get(id) ?? lastPlanOf(plans, id);
    asked.set(id, plan);
    return plan;
  };
}

/** What somebody else has built stays so, through however many releases take it over. `from`: those that have verified the image. */
async function withGiver(
  planOf: ReturnType<typeof plansOf>,
  choice: ArtifactChoice,
  from: readonly string[],
): Promise<ArtifactChoice> {
  if (choice.kind !== 'take' || choice.artifact.origin === 'given') return choice;
  const { artifact } = choice;
  const before = await Promise.all(from.map(planOf));
  const isGiven = before.some((plan) =>
    plan?.components.some(({ name, origin, given }) => name === artifact.component && (origin === 'given' || given)),
  );
  return isGiven ? { kind: 'take', artifact: { ...artifact, given: true } } : choice;
}

const releasesOf = (verified: VerifiedRelease[]) => [...new Set(verified.map((row) => row.releaseId))];

const documentName = 'build-inputs';

async function keptInputs({ plans }: Pick<Records, 'plans'>, id: string, component: string) {
  const kept = (await plans.kept(id, documentName)) as Record<string, BuildInputs> | undefined;
  return kept && Object.hasOwn(kept, component) ? kept[component] : undefined;
}

/** Under the release, so that the rows that it will be verified by lead to what was built. */
async function keepInputs(
  { plans }: Pick<Records, 'plans'>,
  request: ReleaseRequest,
  choices: ChosenComponent[],
): Promise<void> {
  const known = choices.flatMap(({ component, inputs }) => (inputs ? [[component, inputs] as const] : []));
  if (known.length > 0) await plans.keep(releaseId(request), documentName, Object.fromEntries(known));
}
