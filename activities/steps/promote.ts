import type {
  Artifact,
  PromotionSpec,
  ReleasePlan,
  ReleaseRequest,
  ReleaseSpec,
} from '../../domain/contract/release.ts';
import type { DriftVerdict } from '../../domain/drift.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { comesFrom } from '../../domain/images.ts';
import { choosePromoted, goneInWords, otherThanPlanned, refuseUnrecorded } from '../../domain/promotion.ts';
import type { Registry } from '../images/port.ts';
import type { Records } from '../records/port.ts';

export type Promoting = Pick<ReleaseSpec, 'environment' | 'components' | 'registry' | 'imagesFrom'> & {
  promotion: PromotionSpec;
};

interface Dependencies {
  registry: Pick<Registry, 'resolve'>;
  records: {
    inventory: Pick<Records['inventory'], 'current' | 'ofCommit'>;
    decisions: Pick<Records['decisions'], 'ordersBack'>;
    clock: Records['clock'];
  };
}

/** A lane carries out one after another; more than anybody orders at once. */
const mostOrders = 50;

/**
 * The images of a release that promotes: by the records alone, which its own environment's release has written. Throws SLIP-REL-18 (terminal)
 * where there is one that may not be promoted, or that is gone; SLIP-CFG-3 where the policy allows no images from there.
 */
export async function promotedArtifacts(
  { registry, records }: Dependencies,
  request: ReleaseRequest,
  spec: Promoting,
): Promise<Artifact[]> {
  const artifacts = await verifiedThere(records, request, spec);
  const { environment, promotion, imagesFrom } = spec;
  const from = [...new Set([spec.registry, ...imagesFrom])];
  const foreign = artifacts.find(({ image }) => !comesFrom(image, from));
  if (foreign)
    throw failure(
      'SLIP-CFG-3',
      `${foreign.component}: ${foreign.image}, verified in ${promotion.environment}, may not be used in ${environment}; the policy allows images from ${from.join(', ')}`,
    );
  const found = await Promise.all(artifacts.map(({ image }) => registry.resolve(image)));
  const gone = artifacts.find((_artifact, at) => !found[at]);
  if (gone) throw failure('SLIP-REL-18', goneInWords({ ...request, promotion }, gone));
  return artifacts;
}

/** The images that are verified there for a commit. Throws SLIP-REL-18 (terminal) with why they may not be promoted. */
export async function verifiedThere(
  { inventory, decisions, clock }: Dependencies['records'],
  { service, commit }: Pick<ReleaseRequest, 'service' | 'commit'>,
  { promotion, components }: Pick<Promoting, 'promotion' | 'components'>,
): Promise<Artifact[]> {
  const lane = { service, environment: promotion.environment };
  const [rows, current, orders, now] = await Promise.all([
    inventory.ofCommit(lane, commit),
    inventory.current(lane),
    decisions.ordersBack({ ...lane, open: true, limit: mostOrders }),
    clock.now(),
  ]);
  const names = components.map(({ name }) => name);
  const choice = choosePromoted({
    service,
    commit,
    promotion,
    components: names,
    rows,
    inventory: current,
    goingBack: orders.map(({ signed }) => signed.decision.releaseId),
    now,
  });
  if (choice.kind === 'refused') throw failure('SLIP-REL-18', choice.why);
  return choice.artifacts;
}

/**
 * Looked at on the grant: whether what the plan promotes may still be promoted. Throws SLIP-REL-18 (terminal). Undefined where it may, and where
 * it promotes nothing.
 */
export async function promotedSince(
  records: Dependencies['records'],
  plan: ReleasePlan,
  { promotion, components }: Pick<ReleaseSpec, 'promotion' | 'components'>,
): Promise<DriftVerdict | undefined> {
  if (!promotion) return undefined;
  const why = otherThanPlanned(plan, await verifiedThere(records, plan, { promotion, components }));
  return why === undefined ? undefined : { kind: 're-approve', why, rebuild: true };
}

/** Why a plan does not say where its images come from as the records have it; undefined where it does. */
export async function unrecordedPromotion(
  { inventory }: { inventory: Pick<Records['inventory'], 'ofCommit'> },
  plan: Pick<ReleasePlan, 'service' | 'components' | 'commit'>,
): Promise<string | undefined> {
  const { service, components, commit } = plan;
  const environments = [...new Set(components.flatMap(({ promoted }) => promoted?.environment ?? []))];
  const rows = await Promise.all(
    environments.map((environment) => inventory.ofCommit({ service, environment }, commit)),
  );
  return refuseUnrecorded(plan, rows.flat());
}
