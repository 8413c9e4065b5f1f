import type { BuildSpec, ComponentSpec } from '../domain/contract/release.ts';
import { goesTo } from '../domain/components-in.ts';
import type { OverrideFile } from './pipeline-schema.ts';
import type { EnvironmentOutline, PipelineOutline } from './pipeline-outline.ts';
import type { Finding, Path } from './problem.ts';
import { unknownName } from './unknown-name.ts';

/** What an environment has otherwise with a component, in the words of the release. */
export function withOverride(
  component: ComponentSpec,
  { args = {}, env = {}, regions }: OverrideFile = {},
): ComponentSpec {
  const { build } = component;
  const isOther = build && Object.entries(args).some(([name, value]) => build.args[name] !== value);
  return {
    ...component,
    ...(build && isOther && { build: withArguments(build, args), builtForHere: true }),
    ...(Object.keys(env).length > 0 && { delivery: { kind: 'deployment-image' as const, env: { ...env } } }),
    ...(regions && { regions: [...regions] }),
  };
}

function withArguments(build: BuildSpec, args: Record<string, string>): BuildSpec {
  return { ...build, args: { ...build.args, ...args } };
}

/** An override names what is deployed here, and leaves no component where one that it needs is not, and no region without any. */
export function overrideRules(outline: PipelineOutline, path: Path, environment: EnvironmentOutline): Finding[] {
  const { components = {} } = outline;
  const { components: deployed = Object.keys(components), overrides, regions = {} } = environment;
  const here: Here = { components, deployed, overrides, regions: Object.keys(regions) };
  const named = Object.keys(overrides).flatMap((name) => overrideOf(name, [...path, 'overrides', name], here));
  return [...named, ...emptyRegions(path, here)];
}

interface Here {
  components: NonNullable<PipelineOutline['components']>;
  deployed: readonly string[];
  overrides: EnvironmentOutline['overrides'];
  regions: readonly string[];
}

function overrideOf(name: string, path: Path, { components, deployed, overrides, regions }: Here): Finding[] {
  const { args, regions: only } = overrides[name]!;
  const unknown = unknownName(path, 'component', name, Object.keys(components));
  if (unknown.length > 0) return unknown.map((finding) => ({ ...finding, atKey: true }));
  if (!deployed.includes(name)) return [{ path, message: `\`${name}\` is not deployed here`, atKey: true }];
  const message = `\`${name}\` has no \`build\` that could take arguments`;
  const idle = args !== undefined && components[name]?.build === undefined;
  return [
    ...(idle ? [{ path: [...path, 'args'], message, atKey: true }] : []),
    ...(only ?? []).flatMap((region, index) =>
      unknownName([...path, 'regions', index], 'region', region, regions.length === 0 ? undefined : regions),
    ),
    ...(only ? needed(name, path, { components, deployed, overrides, regions }) : []),
  ];
}

/** Regions to which it does not go, and something does that needs it. */
function needed(name: string, path: Path, { components, deployed, overrides, regions }: Here): Finding[] {
  const without = regions.filter((region) => !goesTo(overrides[name]!, region));
  return deployed
    .filter((other) => components[other]?.needs.includes(name))
    .flatMap((other) => {
      const lacking = without.filter((region) => goesTo(overrides[other] ?? {}, region)).map((one) => `\`${one}\``);
      const message = `\`${other}\` needs \`${name}\`, which does not go to ${lacking.join(', ')}`;
      return lacking.length > 0 ? [{ path: [...path, 'regions'], message, atKey: true }] : [];
    });
}

/** A region to which nothing goes would be verified by looking at nothing. */
function emptyRegions(path: Path, { deployed, overrides, regions }: Here): Finding[] {
  const isEmpty = (region: string) => deployed.every((name) => !goesTo(overrides[name] ?? {}, region));
  if (deployed.length === 0) return [];
  return regions.filter(isEmpty).map((region) => ({
    path: [...path, 'regions', region],
    message: `no component goes to the region \`${region}\``,
    hint: 'name it in `overrides`, or leave the region out',
    atKey: true,
  }));
}
