import { chooseArtifact, refuseGiven, verifiedCommit } from '../../domain/artifacts.ts';
import type { ReleaseRequest, ReleaseSpec } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Registry } from '../images/port.ts';
import type { Records } from '../records/port.ts';
import type { Source } from '../source/port.ts';
import type { ReadRelease } from './types.ts';

/** Which components have an image already (given, or verified and unchanged since), and which must be built, and why. */
export async function chooseArtifacts(
  request: ReleaseRequest,
  spec: ReleaseSpec,
  deps: { source: Source; registry: Registry; records: Records },
): Promise<ReadRelease> {
  const refused = refuseGiven(request.images, spec);
  if (refused !== undefined) throw failure('SLIP-CFG-3', refused);
  const inventory = await deps.records.inventory.current(request);
  const choices = await Promise.all(
    spec.components.map(async (component) => {
      const verified = inventory.filter(
        (row) => row.component === component.name && spec.regions.some((r) => r.name === row.region),
      );
      const from = verifiedCommit(verified);
      const changed =
        from && (await deps.source.changedPaths({ repository: request.repository, from, to: request.commit }));
      const given = Object.hasOwn(request.images, component.name) ? request.images[component.name] : undefined;
      if (given && !(await deps.registry.resolve(given)))
        throw failure('SLIP-IMG-3', `${given} is not in its registry`);
      return {
        component: component.name,
        choice: chooseArtifact({
          component,
          verified,
          regions: spec.regions.length,
          ...(given && { given }),
          ...(changed && { changed }),
        }),
      };
    }),
  );
  return {
    spec,
    artifacts: choices.flatMap(({ choice }) => (choice.kind === 'take' ? [choice.artifact] : [])),
    toBuild: choices.flatMap(({ component, choice }) =>
      choice.kind === 'build' ? [{ component, why: choice.why }] : [],
    ),
  };
}
