import type { RegionSpec, SmokeSpec } from '../domain/contract/release.ts';
import { durationMs } from './duration.ts';
import type { Comparison } from './floors.ts';
import type { SmokeTestFile } from './pipeline-schema.ts';

/** The smoke tests that a region names, each as it runs there; nothing where it names none. */
export function smokeOf({ pipeline, wanted }: Comparison, region: string): Pick<RegionSpec, 'smoke'> {
  const tests = pipeline.content.smoke ?? {};
  const named = Object.entries(wanted.regions[region]?.smoke ?? {});
  const smoke = named.map(([name, { args = [] }]) => testOf(name, tests[name]!, args));
  return smoke.length > 0 ? { smoke } : {};
}

function testOf(name: string, test: SmokeTestFile, args: readonly string[]): SmokeSpec {
  const { component, command, report, env = {}, timeout = '5m' } = test;
  return {
    name,
    component,
    command: [...command, ...args],
    ...(report && { report }),
    env: { ...env },
    timeoutMs: durationMs(timeout),
  };
}

/** Whether there may be any is the operator's to say: they are Jobs beside what the policy names otherwise. */
export function refuseSmoke(at: Comparison): void {
  const { bounds, environment, pipeline, policy, wanted } = at;
  const tested = Object.entries(wanted.regions).find(([, { smoke = {} }]) => Object.keys(smoke).length > 0);
  if (!tested || bounds?.smoke) return;
  const { service } = pipeline.content;
  const there = ['services', service, 'environments', environment];
  at.findings.push({
    path: ['environments', environment, 'regions', tested[0], 'smoke'],
    message: `\`${service}\` may run no smoke tests here`,
    by: `${policy.file}:${policy.locate([...there, 'smoke']).line}`,
    hint: 'the operator must say `smoke: true` in',
    hintPlace: `\`${there.join('.')}\``,
  });
}

/** Those that run somewhere in the environment, once each. */
export function smokeHere({ pipeline, wanted }: Comparison): [string, SmokeTestFile][] {
  const named = new Set(Object.values(wanted.regions).flatMap(({ smoke = {} }) => Object.keys(smoke)));
  return Object.entries(pipeline.content.smoke ?? {}).filter(([name]) => named.has(name));
}
