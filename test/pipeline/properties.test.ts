import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { ReleaseSpec } from '../../domain/contract/release.ts';
import { hostOfEndpoint } from '../../domain/endpoint-hosts.ts';
import { durationMs } from '../../pipeline/duration.ts';
import { loadPipeline, loadPolicy } from '../../pipeline/index.ts';
import type { EnvironmentPolicy } from '../../pipeline/policy-schema.ts';
import { aPipeline, aPolicy, newYear, pipelineText, policyText, resolve } from './texts.ts';

/** Mostly left out: a release that asks for many things at once is nearly always refused, and then shows nothing. */
const some = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const severities = fc.subarray(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const);
const groups = fc.subarray(['owners', 'leads', 'friends']);
const durations = fc.constantFrom('30m', '2h', '1d', '7d');
const policies = ['hold', 'roll-back-region', 'roll-back-all'] as const;
const clusters = ['blue', 'green', 'black'];
const tags = fc.subarray(['latest', 'stable', 'edge']);

/** Without keys that are undefined, as a file would leave them out. */
const plain = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

const approval = {
  quorum: some(fc.integer({ min: 1, max: 4 })),
  groups: some(groups),
  expires: some(durations),
  excludeRequester: some(fc.boolean()),
};
const mostlyAllowed = fc.constantFrom(true, true, true, false);
const exceptions = fc.option(
  fc.record({ allowed: mostlyAllowed, longestDays: fc.option(fc.integer({ min: 1, max: 120 }), { nil: undefined }) }),
  {
    nil: undefined,
  },
);

const floors = fc.record({
  clusters: fc.constantFrom(['blue'], ['blue', 'green'], clusters),
  registry: fc.constant('registry.example.com'),
  approval: fc.record({
    required: fc.boolean(),
    ...approval,
    groups: fc.constantFrom(['owners'], ['owners', 'leads']),
  }),
  scan: fc.record({
    failOn: fc.option(severities, { nil: undefined }),
    unknownSeverity: some(fc.constantFrom('fail' as const, 'pass' as const)),
    images: fc.boolean(),
    secrets: fc.boolean(),
    exceptions,
  }),
  testsRequired: fc.boolean(),
  onFailure: some(fc.subarray([...policies], { minLength: 1 })),
  tags,
  endpointHosts: fc.constantFrom(['api.example.com'], ['api.example.com', '*.shop.example.com'], [], undefined),
  notify: some(fc.subarray(['log', 'chat'])),
});

const wishes = fc.record({
  cluster: fc.constantFrom('blue', 'blue', 'green', 'black'),
  url: fc.constantFrom('https://api.example.com/', 'https://x.shop.example.com/', 'http://10.0.0.1/'),
  approval: some(fc.record({ required: some(fc.boolean()), ...approval })),
  partial: some(fc.constantFrom(...policies)),
  tests: some(fc.boolean()),
  hasTests: fc.constantFrom(true, true, true, false),
  tags: some(tags),
  notify: some(fc.subarray(['log', 'chat', 'other'])),
  failOn: some(fc.subarray(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const, { minLength: 1 })),
  images: some(fc.boolean()),
  secrets: some(fc.boolean()),
  expires: some(fc.constantFrom('2026-01-02', '2026-02-01', '2026-04-15', '2030-01-01')),
});
type Wish = typeof wishes extends fc.Arbitrary<infer Value> ? Value : never;

function pipelineOf(wish: Wish): unknown {
  const region = { cluster: wish.cluster, namespace: 'shop', endpoints: { api: { kind: 'http', url: wish.url } } };
  return plain({
    service: 'shop',
    components: { core: { image: 'core', workloads: [{ deployment: 'api', containers: ['api'] }] } },
    ...(wish.hasTests ? { tests: { compose: 'compose.yml', service: 'tests' } } : {}),
    scan: {
      failOn: wish.failOn,
      images: wish.images,
      secrets: wish.secrets,
      exceptions: wish.expires && [{ id: 'CVE-2026-1', reason: 'why', expires: wish.expires }],
    },
    environments: {
      production: {
        branches: ['main'],
        regions: { de: region },
        approval: wish.approval,
        onFailure: wish.partial && { partial: wish.partial },
        tests: wish.hasTests ? wish.tests : undefined,
        tags: wish.tags,
        notify: wish.notify,
      },
    },
  });
}

function policyOf(floor: unknown): unknown {
  return plain({
    clusters: Object.fromEntries(clusters.map((name) => [name, { kind: 'kubeconfig', file: `/etc/${name}` }])),
    notify: { log: { kind: 'log' }, chat: { kind: 'webhook', url: 'env:CHAT' } },
    services: {
      shop: {
        repository: 'https://git.example.com/shop',
        environments: {
          production: { branches: ['main'], namespaces: ['shop'], workloads: ['api'], images: ['core'] },
        },
      },
    },
    environments: { production: floor },
  });
}

/** Every dimension in which a release could be weaker than the policy; the names of those in which it is. */
function weaker(spec: ReleaseSpec, floor: EnvironmentPolicy): string[] {
  const { approval: asked, scan = {} } = floor;
  const host = hostOfEndpoint(spec.regions[0]!.endpoints[0]!)!;
  const lastDay = newYear + (scan.exceptions?.longestDays ?? 90) * 86_400_000;
  const checks: Record<string, boolean> = {
    required: spec.approval.required || !asked.required,
    quorum: spec.approval.quorum >= (asked.quorum ?? 1),
    groups: !asked.groups?.length || spec.approval.groups.every((group) => asked.groups!.includes(group)),
    somebody: !spec.approval.required || spec.approval.groups.length > 0,
    expires: spec.approval.expiresMs <= durationMs(asked.expires ?? '24h'),
    requester: spec.approval.excludeRequester || asked.excludeRequester === false,
    failOn: (scan.failOn ?? ['CRITICAL', 'HIGH']).every((severity) => spec.scan.failOn.includes(severity)),
    unknown: spec.scan.failOn.includes('UNKNOWN') || scan.unknownSeverity === 'pass',
    images: spec.scan.images || scan.images === false,
    secrets: spec.scan.secrets || scan.secrets === false,
    exceptions: spec.scan.exceptions.length === 0 || scan.exceptions?.allowed === true,
    lastDay: spec.scan.exceptions.every(({ expires }) => Date.parse(expires) <= lastDay),
    tests: spec.tests !== undefined || floor.testsRequired === false,
    onFailure: (floor.onFailure ?? policies).includes(spec.onFailure.partial),
    tags: spec.tags.every((tag) => floor.tags?.includes(tag)),
    clusters: spec.regions.every(({ cluster }) =>
      floor.clusters.some((name) => JSON.stringify(cluster).includes(`/etc/${name}"`)),
    ),
    hosts:
      floor.endpointHosts?.some(
        (allowed) => allowed === host || (allowed.startsWith('*') && host.endsWith('.shop.example.com')),
      ) === true,
    notify: (floor.notify ?? []).every((name) =>
      spec.notify.some(({ kind }) => kind === (name === 'log' ? 'log' : 'webhook')),
    ),
    registry: spec.registry === floor.registry,
    digests: spec.verification.digests,
  };
  return Object.keys(checks).filter((name) => !checks[name]);
}

describe('the repository', () => {
  it('can tighten the policy, and never loosen it, in any dimension', () => {
    let resolved = 0;
    fc.assert(
      fc.property(floors, wishes, (floor, wish) => {
        const policy = loadPolicy(stringify(policyOf(floor)), 'policy.yaml');
        const pipeline = loadPipeline(stringify(pipelineOf(wish)), 'slipway.yaml');
        if (!policy.ok || !pipeline.ok) return;
        const release = resolve({ pipeline: pipeline.pipeline, policy: policy.policy });
        if (!release.ok) return;
        resolved += 1;
        expect(weaker(release.spec, policy.policy.content.environments['production']!)).toEqual([]);
      }),
      { numRuns: 800 },
    );
    // Otherwise nothing was tested.
    expect(resolved).toBeGreaterThan(40);
  });

  it('is never refused for saying nothing or for asking for exactly what the policy asks', () => {
    fc.assert(
      fc.property(floors, (floor) => {
        const policy = loadPolicy(
          stringify(policyOf({ ...floor, endpointHosts: ['api.example.com'], clusters })),
          'policy.yaml',
        );
        if (!policy.ok) return;
        const wish = { cluster: 'blue', url: 'https://api.example.com/', hasTests: true } as Wish;
        const { approval: asked, scan, tags: allowed, onFailure } = policy.policy.content.environments['production']!;
        const same = {
          approval: asked,
          failOn: scan?.failOn?.length ? scan.failOn : undefined,
          tags: allowed,
          partial: onFailure?.[0],
        };
        for (const wanted of [wish, { ...wish, ...same } as Wish]) {
          const release = resolve({ policy: policy.policy, pipeline: aPipeline(stringify(pipelineOf(wanted))) });
          expect(release.ok || release.problems).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** Good files with pieces cut out, doubled, moved or replaced: nearer to what people get wrong than random text. */
const damaged = (text: string): fc.Arbitrary<string> => {
  const at = fc.integer({ min: 0, max: text.length });
  const piece = fc.oneof(
    fc.constantFrom(
      '\n',
      '  ',
      ': ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '&a ',
      '*a',
      '!x ',
      '"',
      "'",
      '|\n',
      '<<',
      '\t',
      '\r',
      '\u0000',
      '__proto__',
      '%',
      '---\n',
      '? ',
    ),
    fc.string({ maxLength: 6 }),
    fc.tuple(at, fc.nat(40)).map(([from, length]) => text.slice(from, from + length)),
  );
  const change = fc.tuple(at, fc.nat(30), piece);
  return fc
    .array(change, { minLength: 1, maxLength: 4 })
    .map((changes) =>
      changes.reduce((sofar, [from, length, put]) => sofar.slice(0, from) + put + sofar.slice(from + length), text),
    );
};

const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.uint8Array({ maxLength: 200 }),
  fc.jsonValue().map((value) => stringify(value)),
  damaged(pipelineText),
  damaged(policyText),
);

describe('the loaders', () => {
  it('never throw, and give every problem a place inside the file', () => {
    fc.assert(
      fc.property(anything, (source) => {
        const lines = (typeof source === 'string' ? source : new TextDecoder().decode(source)).split('\n').length;
        for (const loaded of [loadPipeline(source, 'slipway.yaml'), loadPolicy(source, 'policy.yaml')]) {
          if (loaded.ok) continue;
          expect(loaded.problems.length).toBeGreaterThan(0);
          for (const { line, column } of loaded.problems) {
            expect(line).toBeGreaterThanOrEqual(1);
            expect(line).toBeLessThanOrEqual(lines);
            expect(column).toBeGreaterThanOrEqual(1);
          }
        }
      }),
      { numRuns: 600 },
    );
  });

  it('read what was accepted, written again, as the same', () => {
    const written = fc.oneof(
      damaged(pipelineText),
      wishes.map((wish) => stringify(pipelineOf(wish))),
    );
    let accepted = 0;
    fc.assert(
      fc.property(written, (text) => {
        const first = loadPipeline(text, 'slipway.yaml');
        if (!first.ok) return;
        accepted += 1;
        const again = aPipeline(stringify(first.pipeline.content));
        expect(again.content).toEqual(first.pipeline.content);
      }),
      { numRuns: 250 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  it('leave no accepted release without a place for each of its regions and components', () => {
    fc.assert(
      fc.property(damaged(pipelineText), (text) => {
        const loaded = loadPipeline(text, 'slipway.yaml');
        if (!loaded.ok) return;
        const release = resolve({ pipeline: loaded.pipeline, policy: aPolicy() });
        if (!release.ok) return;
        const { regions, waves, components, migrations } = release.spec;
        const names = regions.map(({ name }) => name);
        expect(waves.flatMap((wave) => wave.regions).sort()).toEqual([...names].sort());
        const known = components.map(({ name }) => name);
        expect(components.every(({ needs }) => needs.every((need) => known.includes(need)))).toBe(true);
        expect(migrations.every(({ region, component }) => names.includes(region) && known.includes(component))).toBe(
          true,
        );
      }),
      { numRuns: 250 },
    );
  });
});
