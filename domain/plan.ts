import type {
  Artifact,
  GateResult,
  PlannedComponent,
  PlannedMigration,
  Promotion,
  ReleasePlan,
  ReleaseRequest,
  ReleaseSpec,
  SchemaGap,
} from './contract/release.ts';
import { failure } from './errors/catalogue.ts';
import { isPinnedImage } from './images.ts';
import { needsOf } from './plan-needs.ts';

export interface PlanInput {
  request: Pick<ReleaseRequest, 'service' | 'environment' | 'branch' | 'commit'>;
  spec: ReleaseSpec;
  artifacts: Artifact[];
  migrations: PlannedMigration[];
  gates: GateResult[];
  olderThanSchema?: SchemaGap[];
}

/**
 * Puts together what people approve: intent only, so that the same commit, configuration and targets always make the same plan.
 * Throws SLIP-REL-3 (terminal) when a component has no image, an image is not pinned, or a gate failed; SLIP-SCAN-2 when one could not tell,
 * and the policy does not say to go on then: people see it in the plan.
 */
export function assemblePlan({
  request,
  spec,
  artifacts,
  migrations,
  gates,
  olderThanSchema = [],
}: PlanInput): ReleasePlan {
  const inWords = (those: GateResult[]) => those.map((gate) => `${gate.gate}: ${gate.summary}`).join('; ');
  const failed = gates.filter((gate) => gate.verdict === 'fail');
  if (failed.length > 0) throw failure('SLIP-REL-3', inWords(failed));
  const open = gates.filter((gate) => gate.verdict === 'inconclusive');
  if (open.length > 0 && spec.onFailure.onInconclusive !== 'go-on') throw failure('SLIP-SCAN-2', inWords(open));
  const components = plannedComponents(spec, artifacts);
  const needs = needsOf({ components, regions: spec.regions });
  return {
    version: 1,
    service: request.service,
    environment: request.environment,
    branch: request.branch,
    commit: request.commit,
    configurationHash: spec.configurationHash,
    policyHash: spec.policyHash,
    components,
    regions: spec.regions,
    waves: spec.waves,
    migrations,
    migrationSpecs: spec.migrations,
    gates,
    approval: spec.approval,
    ...(spec.onCall && { onCall: spec.onCall }),
    onFailure: spec.onFailure,
    ...(spec.onBreach && { onBreach: spec.onBreach }),
    rollout: spec.rollout,
    tags: spec.tags,
    ...(olderThanSchema.length > 0 && { olderThanSchema }),
    ...(spec.promotion && { promotion: promotionOf(spec.promotion) }),
    ...(needs.length > 0 && { needs }),
  };
}

/** What people approve of it; its regions there are no part of that. */
export function promotionOf({ environment, maxAgeMs }: Promotion): Promotion {
  return { environment, ...(maxAgeMs !== undefined && { maxAgeMs }) };
}

/** Each with its image. Throws SLIP-REL-3 (terminal) for one that has none, or one that is not pinned. */
export function plannedComponents(
  { components }: Pick<ReleaseSpec, 'components'>,
  artifacts: readonly Artifact[],
): PlannedComponent[] {
  return components.map((component) => {
    const artifact = artifacts.find((a) => a.component === component.name);
    if (!artifact) throw failure('SLIP-REL-3', `component ${component.name} has no image`);
    if (!isPinnedImage(artifact.image)) throw failure('SLIP-REL-3', `${artifact.image} is not pinned by digest`);
    const { name, needs, workloads, regions, builtForHere, delivery } = component;
    return {
      name,
      needs,
      workloads,
      ...(regions && { regions }),
      ...(builtForHere && { builtForHere }),
      image: artifact.image,
      origin: artifact.origin,
      ...(artifact.promoted && { promoted: artifact.promoted }),
      ...(artifact.given && { given: artifact.given }),
      ...(delivery && { delivery }),
    };
  });
}

/** Components in groups that may go together: each group needs only what earlier groups hold. */
export function inOrderOfNeed<C extends Pick<PlannedComponent, 'name' | 'needs'>>(components: C[]): C[][] {
  const groups: C[][] = [];
  const placed = new Set<string>();
  const known = new Set(components.map((c) => c.name));
  let left = components;
  while (left.length > 0) {
    const ready = left.filter((c) => c.needs.every((need) => placed.has(need) || !known.has(need)));
    if (ready.length === 0) throw failure('SLIP-REL-3', `${left.map((c) => c.name).join(', ')} need each other`);
    groups.push(ready);
    for (const c of ready) placed.add(c.name);
    left = left.filter((c) => !placed.has(c.name));
  }
  return groups;
}
