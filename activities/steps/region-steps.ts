import type { DeliveredArtifact } from '../../domain/contract/delivery.ts';
import { commitTagOf } from '../../domain/commit-tag.ts';
import type { ImageOrigin, PlannedComponent, ReleasePlan } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { comesFrom } from '../../domain/images.ts';
import { isVerifiedIn } from '../../domain/verified-in.ts';
import type { Delivery, DeliveryTarget } from '../delivery/port.ts';
import type { Registry } from '../images/port.ts';
import type { Records } from '../records/port.ts';
import { says } from '../shared/saying.ts';
import { authorize, authorizeWrite } from './authorize.ts';
import type { Authorized, AuthorizeDependencies } from './authorize.ts';
import { changing } from './changing.ts';
import { keepBegun } from './chosen-way-back.ts';
import { requireMigrated } from './migrated.ts';
import { permittedThere } from './permitted-there.ts';
import { regionProofs } from './region-proofs.ts';
import { requireTurn } from './region-turns.ts';
import { serviceBounds } from './service-bounds.ts';
import { deliveryTo, plannedRegion } from './place.ts';
import type { ComponentInput, EnvironmentSteps } from './types.ts';

export interface RegionDependencies extends AuthorizeDependencies {
  deliveries: readonly Delivery[];
  registry: Registry;
}

type Steps = Pick<EnvironmentSteps, 'tagImages' | 'applyComponent' | 'watchRollout'>;

type Tags = Parameters<Steps['tagImages']>[0]['tags'];
interface Tagging {
  tags: (component: PlannedComponent) => string[];
  of: ImageOrigin[];
}

/** What is written for a release: tags, and each region's components, seen through until they run. */
export function createRegionSteps(deps: RegionDependencies): Steps {
  const proofs = regionProofs(deps.records);

  /** Which tags, and what they are put on: somebody else's image keeps somebody else's tags. */
  async function tagsOf(which: Tags, plan: ReleasePlan, releaseId: string): Promise<Tagging> {
    switch (which) {
      // An unchanged one has its own commit's already, and a promoted one this very commit's.
      case 'commit':
        return { tags: (component) => [commitTagOf(plan, component)], of: ['built'] };
      case 'moving': {
        await requireVerified(deps.records.inventory, releaseId, plan);
        const floor = await deps.floorOf(plan.environment);
        const tags = plan.tags.filter((tag) => floor.tags.includes(tag));
        const { registry } = await serviceBounds(deps, plan);
        // Promoted ones may lie in the registry of where they come from: there its own releases move the tags.
        const isElsewhere = ({ origin, image }: PlannedComponent) =>
          origin === 'promoted' && !comesFrom(image, [registry]);
        return {
          tags: (component) => (isElsewhere(component) ? [] : tags),
          of: ['built', 'unchanged', 'promoted'],
        };
      }
    }
  }

  return {
    async tagImages({ authority, tags: which }) {
      const plan = await authorize(authority, deps, { purpose: 'deploy' });
      const { tags, of } = await tagsOf(which, plan, authority.releaseId);
      const those = plan.components.filter(({ origin }) => of.includes(origin));
      const wanted = those.map((component) => ({ image: component.image, tags: tags(component) }));
      says({
        planHash: authority.planHash,
        tags: [...new Set(wanted.flatMap((one) => one.tags))],
        images: wanted.map(({ image }) => image),
      });
      for (const { image, tags } of wanted) for (const tag of tags) await deps.registry.tag(image, tag);
    },

    async applyComponent(input) {
      const { authority, region, component, purpose } = input;
      const { plan, tickets, goneBy, delivery, target, artifact } = await placeOf(input, deps);
      if (purpose === 'deploy') {
        await requireMigrated(deps.records.plans, authority, plan);
        await requireTurn(deps.records, authority, plan, { component, region });
      } else await keepBegun(deps.records.plans, authority, region);
      const { releaseId, ticket } = authority;
      says(effectOf(input, artifact));
      const changeCause = `${purpose} ${plan.commit.slice(0, 12)} by ${releaseId}`;
      const write = { ticket, releaseId, changeCause, tickets };
      const wanted = { region, component, purpose, artifact: artifact.digest, goneBy };
      const { answer: applied, change } = await changing(deps, wanted, async () => {
        if (purpose === 'roll-back') return delivery.revert(target, artifact, write);
        await requirePlanned(delivery, target, artifact);
        return delivery.apply(target, write);
      });
      const isUnchanged = Object.values(applied).every(({ inPlace }) => inPlace);
      if (purpose === 'deploy' && isUnchanged) await proofs.outlive(authority, region, change);
      return applied;
    },

    async watchRollout(input) {
      const { delivery, target, artifact } = await placeOf(input, deps);
      says(effectOf(input, artifact));
      const rollout = { ...target.rollout, timeoutMs: input.timeoutMs };
      return { note: await delivery.watch({ ...target, rollout }, artifact, input.applied) };
    },
  };
}

/** What is to be there, by the stored plan and the records, once this run has shown that it may change the place. */
async function placeOf(
  input: ComponentInput,
  deps: RegionDependencies,
): Promise<Authorized & { delivery: Delivery; target: DeliveryTarget; artifact: DeliveredArtifact }> {
  const authorized = await authorizeWrite(input.authority, deps, { purpose: input.purpose, regions: [input.region] });
  const { plan } = authorized;
  const place = { deliveries: deps.deliveries, plan, region: plannedRegion(plan, input.region) };
  const { artifact, component } = await permittedThere(plan, input, deps.records);
  return { ...authorized, artifact, ...deliveryTo(place, component, input.image) };
}

/** For the audit, once the names are the plan's, and the image what the records let be put there. */
function effectOf(
  { authority: { planHash }, region, component, image, purpose }: ComponentInput,
  artifact: DeliveredArtifact,
) {
  return { planHash, region, component, image, purpose, artifact: artifact.digest };
}

/** Tags that follow verification move to what is on record as verified everywhere. Throws SLIP-REL-1 (terminal). */
async function requireVerified(inventory: Records['inventory'], releaseId: string, plan: ReleasePlan): Promise<void> {
  const rows = await inventory.of(releaseId);
  const open = plan.regions.find(({ name }) => !isVerifiedIn(name, plan, rows));
  if (open) throw failure('SLIP-REL-1', `${releaseId} is not on record as verified in ${open.name}`);
}

/** What its kind would make of it now is what was approved: inputs that have moved since (templates, charts) are found here. */
async function requirePlanned(delivery: Delivery, target: DeliveryTarget, approved: DeliveredArtifact): Promise<void> {
  const { digest } = await delivery.plan(target);
  if (digest === approved.digest) return;
  const { name } = target.component;
  throw failure('SLIP-REL-1', `${name} would become ${digest} in ${target.region.name}, and not ${approved.digest}`);
}
