import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { createSigner, createVerifier } from '../../activities/shared/signatures.ts';
import { identifyByTokens } from '../../client/gateway/tokens.ts';
import type { Decision } from '../../domain/contract/decisions.ts';
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
}
const compose = parse(readFileSync(join(root, 'docker/compose.yaml'), 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  networks: Record<string, unknown>;
};
const dockerfile = readFileSync(join(root, 'docker/Dockerfile'), 'utf8');
const ours = Object.entries(compose.services).filter(([, { build }]) => build !== undefined);

describe('the compose file', () => {
  it('configures every process completely', () => {
    expect(ours.map(([name]) => name).sort()).toEqual(['build', 'engine', 'gateway', 'production', 'setup']);
    for (const [, { environment }] of ours) expect(() => readConfig(environment)).not.toThrow();
    const roles = ours.flatMap(([, { environment }]) => parseRoles(environment?.['SLIPWAY_ROLES'] ?? 'engine'));
    expect(roles).toContainEqual({ kind: 'environment', environment: 'production' });
  });

  it('mounts every file that a process is told of, read-only', () => {
    for (const [name, { environment = {}, volumes = [] }] of ours.filter(([name]) => name !== 'setup')) {
      const told = Object.values(environment).flatMap((value) => /\/settings\/\S+/.exec(value)?.[0] ?? []);
      const mounted = volumes.map((volume) => volume.split(':')).filter(([, , mode]) => mode === 'ro');
      expect({ name, not: told.filter((path) => !mounted.some(([, to]) => to === path)) }).toEqual({ name, not: [] });
    }
  });

  it('lets setup read the address of the records, which it brings up to date, and nothing else that is told', () => {
    const { environment = {}, volumes = [] } = compose.services['setup']!;
    const url = environment['SLIPWAY_RECORDS_URL']?.replace('file:', '');
    expect(volumes.filter((volume) => volume.endsWith(':ro'))).toEqual([`.${url}:${url}:ro`]);
  });

  it('gives the signing key to the gateway alone, and kubeconfig files to their environment alone', () => {
    const holders = (word: string) =>
      Object.entries(compose.services)
        .filter(([, s]) => s.volumes?.some((v) => v.includes(word)))
        .map(([name]) => name);
    expect(holders('signing-key')).toEqual(['gateway']);
    expect(holders('kubeconfig')).toEqual(['production']);
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
    for (const [name, { environment = {}, stop_grace_period: grace = '10s' }] of ours) {
      const { limits } = readConfig(environment);
      const role = environment['SLIPWAY_ROLES'];
      const drain = role === 'build' ? limits.buildDrainMs : limits.shutdownGraceMs;
      expect({ name, enough: durationMs(grace) > drain }).toEqual({ name, enough: true });
    }
  });

  it('replaces processes in the order of an upgrade: workers of environments, the engine, the gateway', () => {
    const waitsFor = (name: string) =>
      Object.entries(compose.services[name]?.depends_on ?? {}).flatMap(([other, { condition }]) =>
        condition === 'service_healthy' ? [other] : [],
      );
    expect({ engine: waitsFor('engine'), gateway: waitsFor('gateway') }).toEqual({
      engine: ['production'],
      gateway: ['engine'],
    });
    for (const [name, { depends_on = {} }] of ours.filter(([name]) => !['setup', 'build'].includes(name)))
      expect({ name, setup: depends_on['setup']?.condition }).toEqual({
        name,
        setup: 'service_completed_successfully',
      });
    const unseen = Object.keys(compose.services)
      .flatMap(waitsFor)
      .filter((name) => !compose.services[name]?.healthcheck);
    expect(unseen).toEqual([]);
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
    for (const [, { build, command = [] }] of ours) {
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
    expect(kept).toEqual(['dist', 'domain', 'workflows']);
    expect(engine.indexOf('workflowBundle(')).toBeGreaterThan(engine.lastIndexOf('COPY'));
  });

  it('compiles every folder of production code', () => {
    const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8')) as { include: string[] };
    expect(include.filter((folder) => folder !== 'lab' && !copied.includes(folder))).toEqual([]);
  });
});

describe('docker/prepare.sh', () => {
  it('makes keys and tokens that the engine accepts, and never overwrites them', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'slipway-prepare-'));
    try {
      const settings = join(directory, 'settings');
      await mkdir(settings, { mode: 0o755 });
      const { stdout } = await execa(join(root, 'docker/prepare.sh'), [settings]);
      // What the database reads is readable below.
      expect((await stat(settings)).mode & 0o077).toBe(0);
      const [developer, manager] = [...stdout.matchAll(/: +([0-9a-f]{48})$/gm)].map(([, token]) => token!);
      const identify = identifyByTokens(join(settings, 'tokens.json'));
      expect(await identify(developer!)).toMatchObject({ groups: ['developers'] });
      expect(await identify(manager!)).toMatchObject({ groups: ['release-managers'] });

      const key = await readFile(join(settings, 'signing-key.pem'), 'utf8');
      const [name] = readdirSync(join(settings, 'public-keys'));
      const verifier = createVerifier([await readFile(join(settings, 'public-keys', name!), 'utf8')]);
      expect(verifier.verify(createSigner(key).sign({ id: 'one' } as Decision))).toBe(true);

      const again = await execa(join(root, 'docker/prepare.sh'), [settings], { reject: false });
      expect(again.exitCode).toBe(1);
      expect(await readFile(join(settings, 'signing-key.pem'), 'utf8')).toBe(key);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
