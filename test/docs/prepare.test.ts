import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { rightsScript } from '../../activities/records/rights-script.ts';
import { createSigner, createVerifier } from '../../activities/shared/signatures.ts';
import { tokenDoor } from '../../client/gateway/tokens.ts';
import type { Decision } from '../../domain/contract/decisions.ts';
import { root } from './markdown.ts';

const isRoot = process.getuid?.() === 0;
let checkout: string;
let settings: string;
/** Where programs are looked for, beside those of a test's own. */
let installed: string;

beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'slipway prepare-'));
  settings = join(checkout, 'docker/settings');
  installed = process.env['PATH'] ?? '';
  for (const name of ['prepare.sh', 'compose.yaml', 'postgres'])
    await cp(join(root, 'docker', name), join(checkout, 'docker', name), { recursive: true });
  await compose({ plugin: true });
});
afterEach(() => rm(checkout, { recursive: true }));

/** What this machine has of Compose: Docker's plugin, or a program of its own of some version. */
async function compose({ plugin = false, standalone }: { plugin?: boolean; standalone?: string }): Promise<void> {
  await writeProgram('docker', `exit ${plugin ? 0 : 1}`);
  await writeProgram('docker-compose', standalone === undefined ? 'exit 127' : `echo ${standalone}`);
}

async function writeProgram(name: string, does: string): Promise<void> {
  const programs = join(checkout, 'bin');
  await mkdir(programs, { recursive: true });
  await writeFile(join(programs, name), `#!/bin/sh\n${does}\n`);
  await chmod(join(programs, name), 0o755);
}

/** From then on this machine has the programs that it has, but for that one. */
async function withoutGetent(): Promise<void> {
  const others = join(checkout, 'others');
  await mkdir(others);
  for (const directory of installed.split(delimiter))
    for (const name of await readdir(directory).catch(() => []))
      if (name !== 'getent') await symlink(join(directory, name), join(others, name)).catch(() => undefined);
  installed = others;
}

async function prepare(...args: string[]) {
  const env = { PATH: [join(checkout, 'bin'), installed].join(delimiter) };
  const said = await execa(join(checkout, 'docker/prepare.sh'), args, { env, reject: false });
  return { code: said.exitCode, out: said.stdout, err: said.stderr };
}

const text = (...path: string[]) => readFile(join(settings, ...path), 'utf8');
const writePolicy = () => writeFile(join(settings, 'common/policy.yaml'), 'version: 1\n');
const dotenv = () => readFile(join(checkout, 'docker/.env'), 'utf8');

async function filesIn(directory: string): Promise<string[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function contents(): Promise<Record<string, string>> {
  const files = (await filesIn(settings)).sort();
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')] as const)),
  );
}

describe('what is made', () => {
  it('is a key pair, and tokens of two people, that the engine accepts', async () => {
    await prepare('production');
    const door = tokenDoor(join(settings, 'gateway/tokens.json'));
    expect(await door(await text('people/developer.token'))).toMatchObject({ proof: { belongs: ['developers'] } });
    expect(await door(await text('people/release-manager.token'))).toMatchObject({
      proof: { belongs: ['release-managers'] },
    });
    const [name] = await readdir(join(settings, 'common/public-keys'));
    const verifier = createVerifier([await text('common/public-keys', name!)]);
    const signed = createSigner(await text('gateway/signing-key.pem')).sign({ id: 'one' } as Decision);
    expect(verifier.verify(signed)).toBe(true);
  });

  it('is a login at the records for each kind of process, with the password that PostgreSQL is told', async () => {
    await prepare('production', 'staging');
    const logins = {
      setup: 'owner',
      gateway: 'of_gateway',
      engine: 'of_engine',
      build: 'of_build',
      production: 'of_environment',
      staging: 'of_environment',
    };
    const told = await text('postgres/first/2-passwords.sql');
    const passwords = Object.values(logins).map((login) => /'([0-9a-f]{48})'/.exec(told.split(`_${login} `)[1]!)![1]!);
    const urls = await Promise.all(Object.keys(logins).map((process) => text(process, 'records-url')));
    expect(urls).toEqual(
      Object.values(logins).map((login, n) => `postgres://slipway_${login}:${passwords[n]}@postgres:5432/slipway`),
    );
    expect(new Set([...passwords, await text('postgres/password')]).size).toBe(6);
  });

  it('has the roles that an administrator of PostgreSQL is told to make', async () => {
    await prepare('production');
    const statements = rightsScript()[0]!.statements.map((statement) => `${statement};`);
    expect((await text('postgres/first/1-roles.sql')).replaceAll(/^--.*\n/gm, '').trim()).toBe(statements.join('\n'));
  });

  it('is readable to nobody else, what was put there since too; what PostgreSQL reads lies below what is not', async () => {
    await prepare('production');
    const kubeconfig = join(settings, 'production/kubeconfig/blue');
    await writeFile(kubeconfig, 'token: x\n', { mode: 0o644 });
    await prepare();
    // Prepared by root, containers read it by a group that nobody is in.
    const found = await execa('find', [settings, '-perm', isRoot ? '/027' : '/077']);
    expect(found.stdout.split('\n').filter((path) => !path.startsWith(join(settings, 'postgres')))).toEqual([]);
    expect((await stat(settings)).mode & 0o777).toBe(0o700);
    expect((await stat(join(settings, 'postgres/first/2-passwords.sql'))).mode & 0o777).toBe(0o644);
  });

  it('belongs to whoever has prepared it, by root too: only that user may put anything there', async () => {
    await prepare('production');
    await prepare('staging');
    expect((await execa('find', [settings, '!', '-user', String(process.getuid!())])).stdout).toBe('');
    expect((await execa('find', [settings, '-perm', '/022'])).stdout).toBe('');
    const [user, group] = isRoot ? [61000, 61000] : [process.getuid!(), process.getgid!()];
    expect(await dotenv()).toContain(`SLIPWAY_USER=${user}\nSLIPWAY_GROUP=${group}\n`);
    for (const read of ['common', 'gateway/signing-key.pem', 'production/records-url'])
      expect(await stat(join(settings, read))).toMatchObject({ gid: group });
  });

  it('is read by containers of root as numbers that no account has, whatever docker/.env had before', async () => {
    await prepare('production');
    const withNumbers = async (user: number, group: number) => {
      await writeFile(
        join(checkout, 'docker/.env'),
        (await dotenv()).replace(/USER=.*/, `USER=${user}`).replace(/GROUP=.*/, `GROUP=${group}`),
      );
      const { out } = await prepare();
      const [, ...now] = /USER=(.*)\nSLIPWAY_GROUP=(.*)\n/.exec(await dotenv()) ?? [];
      return { out, now: now.map(Number) };
    };
    const mine = [process.getuid!(), process.getgid!()];
    expect((await withNumbers(60999, 60998)).now).toEqual(isRoot ? [60999, 60998] : mine);
    // The account that is called nobody.
    const { out, now } = await withNumbers(65534, 60998);
    expect(now).toEqual(isRoot ? [61000, 61000] : mine);
    expect(
      out.includes(
        'to run as 65534:60998, which is an account of this machine or none that a container may have, and now are as 61000:61000',
      ),
    ).toBe(isRoot);
    if (isRoot) expect((await stat(join(settings, 'common'))).gid).toBe(61000);
    // Whether they were can be seen by Docker alone: the document has it for later.
    expect((await prepare()).out).not.toContain('make the containers anew');
  });

  it('is told to be out of reach of containers that run, also by a run that breaks off before the rights are given', async () => {
    await prepare('production');
    await writeFile(join(checkout, 'docker/.env'), (await dotenv()).replace(/USER=.*/, 'USER=65534'));
    await writeProgram('chgrp', 'exit 1');
    const { out } = await prepare();
    // Nobody else gives them away.
    expect(out.includes('Settings for production are in')).toBe(!isRoot);
    expect(out.includes('make the containers anew')).toBe(isRoot);
  });

  it('is out of reach of containers that run where its group becomes another: what helps is told, and is in the document', async () => {
    await prepare('production');
    await writeFile(join(checkout, 'docker/.env'), (await dotenv()).replace(/USER=.*/, 'USER=65534'));
    const { out } = await prepare();
    const next = /next: \S.* down; (docker volume rm .*); then start it$/m.exec(out)?.[1];
    expect(out.includes('they can read neither policy nor keys until then')).toBe(isRoot);
    // Nobody else has containers that run as somebody else.
    const volumes = 'docker volume rm slipway_gateway-cache slipway_engine-cache slipway_build-cache slipway_checkouts';
    expect(next).toBe(isRoot ? volumes : undefined);
    const document = await readFile(join(root, 'docs/compose.md'), 'utf8');
    expect(document).toContain(`\`${volumes}\``);
    expect(document).toContain('can read neither policy nor keys until they are made anew');
  });

  it.each([
    ['2147483647', true],
    ['2147483648', false],
    ['4294967295', false],
    ['99999999999999999999', false],
    ['061001', false],
  ])('is read by containers of root as %s only where a container may run as that number', async (number, may) => {
    await prepare('production');
    await writeFile(join(checkout, 'docker/.env'), (await dotenv()).replace(/USER=.*/, `USER=${number}`));
    await prepare();
    const mine = isRoot ? '61000' : String(process.getuid!());
    expect(await dotenv()).toContain(`SLIPWAY_USER=${isRoot && may ? number : mine}\n`);
  });

  it.each([
    ['that is not there', undefined, { code: 2, err: /^getent is not on this machine\n {2}next: Install it/ }],
    [
      'that cannot tell',
      'exit 1',
      { code: 2, err: /^getent could not tell who has the number 61000 \(passwd, exit code 1\)\n {2}next: Mend it/ },
    ],
  ])('is made by root only where accounts are asked about: by no program %s', async (_which, says, wanted) => {
    await withoutGetent();
    if (says !== undefined) await writeProgram('getent', says);
    const { code, err } = await prepare('production');
    expect({ code, err }).toEqual(
      isRoot ? { code: wanted.code, err: expect.stringMatching(wanted.err) } : { code: 1, err: '' },
    );
    expect((await readdir(join(checkout, 'docker'))).includes('settings')).toBe(!isRoot);
  });

  it.each(['.', 'gateway', 'gateway/tokens.json'])(
    'stays as it is where %s belongs to somebody else, who could lead elsewhere what is written',
    async (name) => {
      await prepare('production');
      const before = await contents();
      await rm(join(settings, 'engine/records-url'));
      // Anybody but root can give nothing away.
      if (isRoot) await chown(join(settings, name), 65534, 65534);
      const { code, err } = await prepare('production');
      const { [join(settings, 'engine/records-url')]: removed, ...others } = before;
      expect(await contents()).toEqual(
        isRoot ? others : { ...others, [join(settings, 'engine/records-url')]: removed },
      );
      expect(code).toBe(isRoot ? 2 : 1);
      expect(err).toMatch(isRoot ? /next: .*chown -hR 0 / : /^$/);
    },
  );

  it('has a place of its own for the credentials of each environment that was named, and for no other', async () => {
    const { out } = await prepare('production', 'dev');
    const there = await readdir(settings);
    expect(there).toEqual(expect.arrayContaining(['production', 'dev']));
    expect(there).not.toContain('staging');
    for (const place of ['production/kubeconfig', 'production/aws', 'dev/kubeconfig', 'dev/aws', 'build/aws']) {
      expect((await stat(join(settings, place))).isDirectory()).toBe(true);
      expect(out).toMatch(new RegExp(`${place}/ .*\\(empty\\)$`, 'm'));
    }
  });

  it('is written through no link by root, who would write wherever that leads', async () => {
    await prepare('production');
    const [linked, elsewhere] = [join(settings, 'postgres/password'), join(checkout, 'elsewhere')];
    await writeFile(elsewhere, 'of somebody else');
    await rm(linked);
    await symlink(elsewhere, linked);
    const { code } = await prepare('production');
    const isAsItWas = (await readFile(elsewhere, 'utf8')) === 'of somebody else';
    // Anybody else writes with their own rights alone.
    expect([code, isAsItWas]).toEqual(isRoot ? [2, true] : [1, false]);
  });

  it('is never committed', async () => {
    const ignored = await execa('git', ['check-ignore', 'docker/settings/gateway/tokens.json', 'docker/.env'], {
      cwd: root,
    });
    expect(ignored.stdout.split('\n')).toHaveLength(2);
  });
});

describe('said again', () => {
  it('changes nothing of what is there, and makes what is missing', async () => {
    await prepare('production');
    const before = await contents();
    await rm(join(settings, 'engine/records-url'));
    await prepare();
    expect(await contents()).toEqual(before);
  });

  it('adds an environment beside those of before', async () => {
    await prepare('production');
    const before = await contents();
    await prepare('staging');
    const after = await contents();
    expect(after).toMatchObject(before);
    expect(Object.keys(after).filter((file) => !(file in before))).toEqual([join(settings, 'staging/records-url')]);
    expect(await dotenv()).toContain('COMPOSE_PROFILES=build,production,staging\n');
  });

  it('keeps what people have written into docker/.env', async () => {
    await prepare('production');
    const path = join(checkout, 'docker/.env');
    await writeFile(path, `TEMPORAL_CLI_VERSION=1.9.2\n${(await dotenv()).replace('build,', '')}`);
    await prepare('dev');
    expect(await dotenv()).toMatch(
      /^TEMPORAL_CLI_VERSION=1\.9\.2\nCOMPOSE_PROJECT_NAME=slipway\nCOMPOSE_PROFILES=production,dev\n/,
    );
  });

  it('makes no new tokens where they were given away', async () => {
    await prepare('production');
    const tokens = await text('gateway/tokens.json');
    await rm(join(settings, 'people/developer.token'));
    await writePolicy();
    const { out } = await prepare();
    expect(await text('gateway/tokens.json')).toBe(tokens);
    expect(await readdir(join(settings, 'people'))).toEqual(['release-manager.token']);
    expect(out).toContain('-e SLIPWAY_TOKEN cli doctor');
  });
});

describe('what is left', () => {
  it('is told, each with its next step, all at once and with exit code 1', async () => {
    await compose({});
    const { code, out } = await prepare('production');
    expect(code).toBe(1);
    expect(out).toMatch(/left there is no policy\n {5}next: write .*common\/policy\.yaml/);
    expect(out).toMatch(/left Docker Compose is not on this machine.*\n {5}next: install Docker/);
    expect(out).not.toContain('Start:');
  });

  it.each([
    { has: { plugin: true }, says: 'docker compose' },
    { has: { standalone: '1.29.2' }, says: 'docker-compose' },
    { has: { standalone: '2.40.0' }, says: 'docker-compose' },
    { has: { standalone: 'v2.40.0' }, says: 'docker-compose' },
    { has: { standalone: '1.25.0' }, says: undefined },
  ])('is nothing with $has: the commands are of what is there', async ({ has, says }) => {
    await compose(has);
    await prepare('production');
    await writePolicy();
    const { code, out } = await prepare();
    expect(code).toBe(says === undefined ? 1 : 0);
    const started = /^Start: +(.*)$/m.exec(out)?.[1];
    const file = join(checkout, 'docker/compose.yaml').replaceAll(' ', String.raw`\ `);
    expect(started).toBe(says && `${says} -f ${file} up -d --build`);
  });
});

describe('a mistake', () => {
  it.each([
    { args: [], says: 'no environment is named', next: 'docker/prepare.sh production' },
    { args: ['qa'], says: 'no worker for the environment qa; it has dev, staging, production', next: 'add a service' },
    { args: ['production', '--force'], says: 'no option --force', next: 'docker/prepare.sh --help' },
  ])('$args is told with the next step, and nothing is made', async ({ args, says, next }) => {
    const { code, err } = await prepare(...args);
    expect(code).toBe(2);
    expect(err).toContain(says);
    expect(err).toMatch(new RegExp(`\n {2}next: .*${next}`));
    expect(await readdir(join(checkout, 'docker'))).toEqual(['compose.yaml', 'postgres', 'prepare.sh']);
  });

  it('is nothing that --help would make', async () => {
    const { code, out } = await prepare('--help');
    expect(code).toBe(0);
    expect(out).toContain('dev, staging, production');
    expect(await readdir(join(checkout, 'docker'))).not.toContain('settings');
  });
});
