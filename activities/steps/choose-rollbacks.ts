import { componentsIn } from '../../domain/components-in.ts';
import type { PinnedImage, ReleasePlan } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { chooseRollback, newcomersInWords } from '../../domain/rollback.ts';
import type { RollbackChoice, RollbackFacts } from '../../domain/rollback.ts';
import type { Registry } from '../images/port.ts';
import { inTime } from '../shared/in-time.ts';
import type { Records } from '../records/port.ts';

interface Dependencies {
  records: Pick<Records, 'inventory' | 'schema' | 'touched'>;
  registry: Pick<Registry, 'resolve'>;
}

interface Wanted {
  plan: ReleasePlan;
  /** The release to undo. */
  releaseId: string;
  regions: string[];
}

/** How many rows of a region's past a rollback may look through, per component. */
const historyDepth = 20;
/** A plan is made without an answer of a registry that takes longer. */
const patienceMs = 5_000;

/**
 * What each region goes back to. Only images that their registry still has: a rollback that finds out in the middle leaves a region on
 * neither. Throws SLIP-IMG-2 (retryable) while a registry cannot be reached: that says nothing about what it has.
 */
export async function chooseRollbacks(deps: Dependencies, wanted: Wanted): Promise<RollbackChoice[]> {
  return chooseAmong(await factsOf(deps, wanted), (image) => isMissing(deps.registry, image));
}

/** By the records alone: no registry is asked whether it still has what would be chosen. */
export async function wayBackOnRecord(
  records: Dependencies['records'],
  wanted: Wanted,
): Promise<{ choice: RollbackChoice; facts: RollbackFacts }[]> {
  const facts = await factsOf({ records }, wanted);
  return facts.map((each) => ({ choice: chooseRollback(each), facts: each }));
}

/** What could not be undone, and where: said before anything is deployed. A registry that does not answer keeps nobody from planning. */
export async function rollbackWarnings(deps: Dependencies, wanted: Wanted): Promise<string[]> {
  const silent = new Set<string>();
  const facts = await factsOf(deps, wanted);
  const choices = await chooseAmong(facts, (image) =>
    isMissing(inGoodTime(deps.registry), image).catch((error: unknown) => {
      silent.add(`it could not be told whether ${image} is still there to go back to: ${wordsOf(error)}`);
      return false;
    }),
  );
  const refused = choices.flatMap((choice) =>
    choice.kind === 'refused'
      ? [`a failure in ${choice.region} would halt there, and not roll back: ${choice.why}`]
      : [],
  );
  const odd = choices.flatMap((choice, i) => [...furtherBack(choice, chooseRollback(facts[i]!)), ...notWhole(choice)]);
  return [...refused, ...odd, ...silent];
}

/** What would not come back, and what would of which nobody knows whether it runs. */
function notWhole(choice: RollbackChoice): string[] {
  if (choice.kind === 'refused') return [];
  const { region, targets, newcomers = [] } = choice;
  const words = newcomersInWords(newcomers);
  const unseen = targets
    .filter((target) => target.unseen)
    .map(
      ({ component, commit }) =>
        `a failure in ${region} would put ${component} back to ${commit.slice(0, 12)}, which was scaled to zero there and never seen running`,
    );
  return [...(words === undefined ? [] : [`after a failure in ${region} ${words}`]), ...unseen];
}

/** Where another release than the last one would come back, because that one's image is gone. */
function furtherBack(choice: RollbackChoice, wished: RollbackChoice): string[] {
  if (choice.kind === 'refused' || wished.kind === 'refused') return [];
  return choice.targets.flatMap(({ component, image, commit }) => {
    const gone = wished.targets.find((target) => target.component === component && target.image !== image)?.image;
    const back = `a failure in ${choice.region} would put ${component} back to ${commit.slice(0, 12)}`;
    return gone === undefined ? [] : [`${back}: image ${gone} is no longer in its registry`];
  });
}

async function factsOf(
  { records }: Pick<Dependencies, 'records'>,
  { plan, releaseId, regions }: Wanted,
): Promise<RollbackFacts[]> {
  const { service, environment } = plan;
  const [schema, known] = await Promise.all([records.schema.list(plan), records.touched.find(releaseId)]);
  return Promise.all(
    regions.map(async (region) => {
      const history = await Promise.all(
        componentsIn(plan, region).map(({ name: component }) =>
          records.inventory.history({ service, environment, region, component, limit: historyDepth }),
        ),
      );
      return { plan, releaseId, region, history: history.flat(), schema, ...(known && { touched: known.what }) };
    }),
  );
}

/** Asks for what would be chosen, and chooses again without what is gone, until all that is chosen is there. Asks for each image once. */
async function chooseAmong(
  facts: RollbackFacts[],
  isGone: (image: PinnedImage) => Promise<boolean>,
): Promise<RollbackChoice[]> {
  const gone = new Map<PinnedImage, boolean>();
  for (;;) {
    const missing = [...gone].flatMap(([image, isSo]) => (isSo ? [image] : []));
    const choices = facts.map((each) => chooseRollback({ ...each, missing }));
    const chosen = choices.flatMap((choice) => (choice.kind === 'go' ? choice.targets : [])).map(({ image }) => image);
    const unasked = [...new Set(chosen)].filter((image) => !gone.has(image));
    if (unasked.length === 0) return choices;
    await Promise.all(unasked.map(async (image) => gone.set(image, await isGone(image))));
  }
}

/** Missing is only what its registry says it does not have. One that will not tell us (no rights) proves nothing: nodes pull with theirs. */
async function isMissing(registry: Pick<Registry, 'resolve'>, image: PinnedImage): Promise<boolean> {
  try {
    return (await registry.resolve(image)) === undefined;
  } catch (error) {
    if (error instanceof Failure && error.details.kind === 'terminal') return false;
    throw error;
  }
}

function inGoodTime(registry: Pick<Registry, 'resolve'>): Pick<Registry, 'resolve'> {
  return {
    resolve: (image) => inTime(registry.resolve(image), patienceMs, (words) => failure('SLIP-IMG-2', words)),
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Failure ? error.details.detail : String(error);
}
