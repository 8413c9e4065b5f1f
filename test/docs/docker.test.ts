import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { durationMs } from '../../pipeline/duration.ts';
import { readConfig } from '../../temporal.config.ts';
import { parseRoles } from '../../workers/roles.ts';
import { root } from './markdown.ts';

interface Service {
  image?: string;
  build?: { target: string };
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: object;
  profiles?: string[];
  command?: string[];
  stop_grace_period?: string;
  environment?: Record<string, string>;
  volumes?: string[];
  networks?: string[];
  ports?: string[];
  restart?: string;
}
const compose = parse(readFileSync(join(root, 'docker/compose.yaml'), 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  networks: Record<string, unknown>;
};
const dockerfile = readFileSync(join(root, 'docker/Dockerfile'), 'utf8');
/** What is started from the images of this repository; `cli` is for people. */
const engines = Object.entries(compose.services).filter(([name, { build }]) => build !== undefined && name !== 'cli');
const workers = engines.filter(([, { environment }]) => environment?.['SLIPWAY_ROLES'] !== undefined);
const environments = ['dev', 'staging', 'production'];

describe('the compose file', () => {
  it('configures every process completely, and has a worker for each role', () => {
    expect(workers.map(([name]) => name).sort()).toEqual(['build', 'engine', ...environments].sort());
    for (const [, { environment }] of engines) expect(() => readConfig(environment)).not.toThrow();
    const roles = workers.flatMap(([, { environment }]) => parseRoles(environment!['SLIPWAY_ROLES']!));
    const served = environments.map((environment) => ({ kind: 'environment', environment }));
    expect(roles).toEqual(expect.arrayContaining([{ kind: 'engine' }, { kind: 'build' }, ...served]));
  });

  it('starts only the workers that are asked for: build and each environment are profiles of their own name', () => {
    const profiles = Object.entries(compose.services).flatMap(([name, { profiles = [] }]) =>
      profiles.map((profile) => [name, profile]),
    );
    expect(Object.fromEntries(profiles)).toEqual({
      ...Object.fromEntries(environments.map((name) => [name, name])),
      ...{ build: 'build', docker: 'build', cli: 'cli', 'engine-previous': 'upgrade' },
    });
  });

  it('waits for nothing that a profile may leave out', () => {
    for (const [name, { depends_on = {}, profiles = [] }] of Object.entries(compose.services)) {
      const missing = Object.keys(depends_on).filter((other) => {
        const wanted = compose.services[other]?.profiles ?? [];
        return wanted.length > 0 && !wanted.some((profile) => profiles.includes(profile));
      });
      expect({ name, missing }).toEqual({ name, missing: [] });
    }
  });

  it('shows each process what is for everybody and what is its own, read-only, and not by single files', () => {
    for (const [name, { volumes = [] }] of [
      ...engines,
      ['engine-previous', compose.services['engine-previous']!],
    ] as const) {
      const own = name === 'engine-previous' ? 'engine' : name;
      expect(volumes.filter((volume) => volume.startsWith('.'))).toEqual([
        './settings/common:/settings/common:ro',
        `./settings/${own}:/settings/own:ro`,
      ]);
    }
  });

  it('tells each process only of files in those two directories', () => {
    for (const [, { environment = {} }] of engines)
      for (const value of Object.values(environment).filter((text) => `${text}`.includes('/settings')))
        expect(value).toMatch(/^(file:)?\/settings\/(own|common)\//);
  });

  it('tells the gateway alone of a signing key, and workers of environments alone of kubeconfig files', () => {
    const holders = (variable: string) =>
      Object.entries(compose.services).flatMap(([name, { environment = {} }]) =>
        variable in environment ? [name] : [],
      );
    expect(holders('SLIPWAY_SIGNING_KEY')).toEqual(['gateway']);
    expect(holders('SLIPWAY_KUBECONFIG_DIR').sort()).toEqual([...environments].sort());
  });

  it('lets people on this machine say things with their tokens, and no process see them', () => {
    const holders = Object.entries(compose.services).filter(([, s]) => s.volumes?.some((v) => v.includes('/people')));
    expect(holders.map(([name]) => name)).toEqual(['cli']);
  });

  it('opens ports on this machine alone', () => {
    const ports = Object.values(compose.services).flatMap(({ ports = [] }) => ports);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('has no password and no key in it', () => {
    const variables = Object.values(compose.services).flatMap(({ environment = {} }) => Object.entries(environment));
    const secrets = variables.filter(([name]) => /PASSWORD|TOKEN|SECRET|KEY|CREDENTIAL|_URL$/.test(name));
    expect(secrets.filter(([, value]) => !/^(file:)?\/(settings|run)\//.test(value))).toEqual([]);
  });

  it('brings back whatever ends by itself, but for what is said once', () => {
    const once = Object.entries(compose.services).filter(([, { restart }]) => restart !== 'unless-stopped');
    expect(once.map(([name, { restart }]) => [name, restart])).toEqual([
      ['setup', 'no'],
      ['cli', 'no'],
    ]);
  });

  it('lets the daemon of the builds, and so the containers of tests, reach the build worker alone', () => {
    const networksOf = ({ networks = ['default'] }: Service) => networks;
    const reached = networksOf(compose.services['docker']!);
    const there = Object.entries(compose.services).filter(([, s]) => networksOf(s).some((n) => reached.includes(n)));
    expect(there.map(([name]) => name).sort()).toEqual(['build', 'docker']);
    expect(networksOf(compose.services['build']!)).toContain('default');
    expect(Object.keys(compose.networks)).toEqual(reached);
  });

  it('lets each process finish what it waits for before it is killed', () => {
    for (const [name, { environment = {}, stop_grace_period: grace = '10s' }] of engines) {
      const { limits } = readConfig(environment);
      const role = environment['SLIPWAY_ROLES'];
      const drain = role === 'build' ? limits.buildDrainMs : limits.shutdownGraceMs;
      expect({ name, enough: durationMs(grace) > drain }).toEqual({ name, enough: true });
    }
  });

  it('begins with setup, and with the gateway last: it asks an engine only for what that knows', () => {
    const after = (name: string) =>
      Object.entries(compose.services[name]?.depends_on ?? {}).map(
        ([other, { condition }]) => `${other}: ${condition}`,
      );
    const [ready, done] = ['service_healthy', 'service_completed_successfully'];
    expect(after('setup')).toEqual([`temporal: ${ready}`, `postgres: ${ready}`]);
    for (const name of ['engine', ...environments, 'docker']) expect(after(name)).toEqual([`setup: ${done}`]);
    expect(after('gateway')).toEqual([`setup: ${done}`, `engine: ${ready}`]);
    expect(after('build')).toEqual([`docker: ${ready}`]);
  });

  it('can tell of everything that runs whether it is well', () => {
    const unseen = Object.entries(compose.services).filter(([, s]) => s.restart !== 'no' && !s.healthcheck);
    expect(unseen.map(([name]) => name)).toEqual([]);
  });

  it('has the engine before an upgrade beside the new one, and lets it take nothing back', () => {
    const { SLIPWAY_MAKE_CURRENT: current, ...environment } = compose.services['engine']!.environment!;
    const previous = compose.services['engine-previous']!;
    expect(current).toBe('true');
    expect(previous.environment).toEqual(environment);
    expect(previous).toMatchObject({ image: 'slipway-previous', profiles: ['upgrade'] });
    expect(previous.stop_grace_period).toBe(compose.services['engine']!.stop_grace_period);
    expect(previous).not.toHaveProperty('build');
  });

  it('uses stages, volumes and entry points that are there', () => {
    const stages = [...dockerfile.matchAll(/^FROM .+ AS (\S+)$/gm)].map(([, name]) => name);
    for (const [, { build, command = [] }] of engines) {
      expect(stages).toContain(build?.target);
      for (const file of command.filter((word) => word.startsWith('dist/'))) {
        expect(existsSync(join(root, file.replace('dist/', '').replace(/js$/, 'ts')))).toBe(true);
      }
    }
    const used = Object.values(compose.services)
      .flatMap((s) => s.volumes ?? [])
      .map((v) => v.split(':')[0]!)
      .filter((v) => !v.startsWith('.'));
    expect([...new Set(used)].sort()).toEqual(Object.keys(compose.volumes).sort());
  });
});

describe('the Dockerfile', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) => files.split(' '));

  it('copies files that are there, and that reach the build', () => {
    const sent = readFileSync(join(root, 'docker/Dockerfile.dockerignore'), 'utf8')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    expect([...new Set(copied)].filter((file) => !existsSync(join(root, file)))).toEqual([]);
    expect([...new Set(copied)].sort()).toEqual(sent.sort());
  });

  it('has the TypeScript of the workflows beside the compiled programs, which bundle it', () => {
    const engine = dockerfile.slice(dockerfile.indexOf(' AS engine'), dockerfile.indexOf(' AS scanners'));
    const kept = [...engine.matchAll(/^COPY --from=compiled \/app\/(\S+) \S+$/gm)].map(([, folder]) => folder);
    expect(kept).toEqual(['dist', 'client/dashboard/dist', 'domain', 'workflows']);
    expect(engine.indexOf('workflowBundle(')).toBeGreaterThan(engine.lastIndexOf('COPY'));
  });

  it('compiles every folder of production code', () => {
    const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8')) as { include: string[] };
    expect(include.filter((folder) => folder !== 'lab' && !copied.includes(folder))).toEqual([]);
  });
});
