import { isDeployedIn } from './deployed-where.ts';
import type { PipelineOutline } from './pipeline-outline.ts';
import type { Finding, Path } from './problem.ts';
import { unknownName } from './unknown-name.ts';

/** Every smoke test has its component, every region names tests that there are, and their components are deployed there. */
export function smokeRules({ smoke = {}, components, environments }: PipelineOutline): Finding[] {
  const ofTests = Object.entries(smoke).flatMap(([name, { component }]) =>
    unknownName(['smoke', name, 'component'], 'component', component, components && Object.keys(components)),
  );
  const ofRegions = Object.entries(environments).flatMap(([environment, wanted]) =>
    Object.entries(wanted.regions ?? {}).flatMap(([region, { smoke: named = {} }]) =>
      Object.keys(named).flatMap((name): Finding[] => {
        const path: Path = ['environments', environment, 'regions', region, 'smoke', name];
        if (!Object.hasOwn(smoke, name))
          return unknownName(path, 'smoke test', name, Object.keys(smoke)).map((one) => ({ ...one, atKey: true }));
        const { component } = smoke[name]!;
        // One that is nowhere is told where it is named, and what cannot be read may be its name.
        const isUnread = wanted.components?.includes('') ?? false;
        const isKnown = components !== undefined && Object.hasOwn(components, component);
        if (!isKnown || isUnread || isDeployedIn(wanted, component, region)) return [];
        const message = `\`${name}\` is a program in the image of \`${component}\`, which is not deployed here`;
        return [{ path, message, atKey: true }];
      }),
    ),
  );
  return [...ofTests, ...ofRegions];
}
