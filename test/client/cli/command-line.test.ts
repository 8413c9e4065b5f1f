import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { exitCodeRows } from '../../../client/cli/exit-codes.ts';
import { failure } from '../../../domain/errors/catalogue.ts';
import { otherExitCodes, outcomes } from '../../../domain/outcomes.ts';
import { slipway } from './terminal.ts';

const saleor = fileURLToPath(new URL('../../../examples/saleor', import.meta.url));
const nowhere = 'http://127.0.0.1:1';
const commands = [
  'deploy status watch releases plan approve reject abort accept-failure rollback',
  'lane freeze unfreeze validate policy schema setup dev doctor',
]
  .join(' ')
  .split(' ');

describe('help', () => {
  it.each([...commands.map((name) => [name]), ['lane', 'clear-hold'], ['policy', 'explain']])(
    'of %s %s has examples',
    async (...command) => {
      const names = command.filter(Boolean);
      const { exitCode, stdout } = await slipway([...names, '--help'], nowhere);
      expect(stdout).toContain(`Usage: slipway ${names.join(' ')}`);
      expect(stdout).toContain('Examples:');
      expect(exitCode).toBe(0);
      expect((await slipway(['help', ...names], nowhere)).stdout).toContain('Usage:');
    },
  );

  it('lists every exit code, each of them once', async () => {
    const { stdout } = await slipway(['help', 'exit-codes'], nowhere);
    for (const name of [...Object.keys(outcomes), ...Object.keys(otherExitCodes)]) expect(stdout).toContain(name);
    const codes = exitCodeRows().map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('is shown, as an error, when nothing is asked for', async () => {
    expect(await slipway([], nowhere)).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('Usage: slipway'),
    });
  });
});

describe('a command line that is not right', () => {
  it.each([
    ['an unknown command', ['deplou'], 'Did you mean deploy?'],
    ['an unknown option', ['releases', '--servise', 'x'], 'Did you mean --service?'],
    ['a missing option', ['deploy'], '--service'],
    ['a missing lane', ['lane', '--service', 'x'], '--environment'],
    ['a missing argument', ['watch'], "'id'"],
    ['too many arguments', ['watch', 'a', 'b'], 'too many'],
    ['an unknown topic', ['help', 'weather'], 'weather'],
    ['a duration nobody can read', ['watch', 'a', '--timeout', 'soon'], '30m'],
    ['a limit that is none', ['releases', '--limit', '-1'], 'number'],
  ])('(%s) ends with 2 and says what to do', async (_, args, says) => {
    const { exitCode, stderr, stdout } = await slipway(args, nowhere);
    expect(stderr).toContain(says);
    expect(stderr).toMatch(/^error: .+\n {2}next: .+\n$/);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('is told as JSON with --json', async () => {
    expect((await slipway(['watch', '--json'], nowhere)).json['error']).toMatchObject({ code: 'usage', exitCode: 2 });
  });
});

describe('deploy outside of a repository', () => {
  it('asks for the commit and the branch', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-cli-'));
    try {
      const { exitCode, stderr } = await slipway(['deploy', '--service', 'shop', '--branch', 'main'], nowhere, {
        cwd: folder,
      });
      expect(stderr).toContain('"HEAD" is not a commit');
      expect(exitCode).toBe(2);
      expect((await slipway(['deploy', '--service', 'shop'], nowhere, { cwd: folder })).stderr).toContain(
        '--branch main',
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('does not let a commit be taken for an option of git', async () => {
    const { exitCode, stderr } = await slipway(
      ['deploy', '--service', 'shop', '--branch', 'main', '--commit=--help'],
      nowhere,
    );
    expect(stderr).toContain('"--help" is not a commit');
    expect(exitCode).toBe(2);
  });
});

describe('validate and schema', () => {
  it('lists every problem with its line and ends with 1', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-cli-'));
    try {
      await writeFile(join(folder, 'slipway.yaml'), 'version: 1\nservise: shop\n');
      const { exitCode, stdout } = await slipway(['validate'], nowhere, { cwd: folder });
      expect(stdout).toMatch(/slipway\.yaml:2:1 {2}unknown key `servise`/);
      expect(exitCode).toBe(1);
      const { json } = await slipway(['validate', '--json'], nowhere, { cwd: folder });
      expect(json).toMatchObject({
        ok: false,
        problems: expect.arrayContaining([expect.objectContaining({ line: 2 })]),
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('checks a policy file alone, where no pipeline file is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-cli-'));
    try {
      const text = await readFile(join(saleor, 'policy.yaml'), 'utf8');
      await writeFile(join(folder, 'good.yaml'), text);
      await writeFile(join(folder, 'bad.yaml'), `${text}\nservise: shop\n`);
      const check = (file: string) => slipway(['validate', '--policy-only', file], nowhere, { cwd: folder });
      expect(await check('good.yaml')).toMatchObject({
        exitCode: 0,
        stdout: 'good.yaml: no problems, looked at alone\n',
      });
      const bad = await check('bad.yaml');
      expect(bad.stdout).toMatch(/bad\.yaml:\d+:1 {2}unknown key `servise`/);
      expect(bad.exitCode).toBe(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('says what the policy does not allow', async () => {
    const { exitCode, stdout } = await slipway(['validate', 'slipway.yaml', '--policy', 'policy.yaml'], nowhere, {
      cwd: saleor,
    });
    expect(stdout).toBe('slipway.yaml: no problems, and nothing that policy.yaml does not allow\n');
    expect(exitCode).toBe(0);
    const folder = await mkdtemp(join(tmpdir(), 'slipway-cli-'));
    try {
      const text = await readFile(join(saleor, 'slipway.yaml'), 'utf8');
      await writeFile(join(folder, 'slipway.yaml'), text.replace(/^service: .*$/m, 'service: somebody-else'));
      const refused = await slipway(['validate', '--policy', join(saleor, 'policy.yaml')], nowhere, { cwd: folder });
      expect(refused.stdout).toContain('`somebody-else` is not in');
      expect(refused.exitCode).toBe(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each([
    ['branches: [main]', 'branches: [main, my-branch]', 'the branch `my-branch` may not be released to `production`'],
    ['branches: [feature/*]', 'branches: [team/*]', '`team/*` fits branches that may not be released to `development`'],
    [
      'namespace: saleor-integration',
      'namespace: payments-production',
      '`saleor` may not be deployed to the namespace `payments-production`',
    ],
  ])('says which branches and namespaces the policy does not allow: %s as %s', async (from, to, says) => {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-cli-'));
    try {
      const text = await readFile(join(saleor, 'slipway.yaml'), 'utf8');
      await writeFile(join(folder, 'slipway.yaml'), text.replace(from, to));
      const refused = await slipway(['validate', '--policy', join(saleor, 'policy.yaml')], nowhere, { cwd: folder });
      expect(refused.stdout).toMatch(/slipway\.yaml:\d+:\d+ .* \(.*policy\.yaml:\d+\)/);
      expect(refused.stdout).toContain(says);
      expect(refused.stdout).toContain('1 problem');
      expect(refused.exitCode).toBe(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('warns of keys that this version does not know and may ignore, and refuses others', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-cli-'));
    try {
      const text = await readFile(join(saleor, 'policy.yaml'), 'utf8');
      const slipwayFile = join(saleor, 'slipway.yaml');
      const validated = async (more: string) => {
        await writeFile(join(folder, 'policy.yaml'), `${text}\n${more}`);
        return slipway(['validate', slipwayFile, '--policy', 'policy.yaml'], nowhere, { cwd: folder });
      };
      const warned = await validated('windows: [weekdays]\nmayIgnore: [windows]\n');
      expect(warned.stdout).toMatch(
        /policy\.yaml:\d+:1 {2}unknown key `windows`, which this version ignores.*\n1 warning\n/,
      );
      expect(warned.exitCode).toBe(0);
      const refused = await validated('windws: [weekdays]\nmayIgnore: [windows]\n');
      expect(refused.stdout).toMatch(/unknown key `windws`/);
      expect(refused.exitCode).toBe(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('says when there is no file', async () => {
    expect(await slipway(['validate', 'no-such-file.yaml'], nowhere)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('no-such-file.yaml'),
    });
  });

  it('prints the schema of both files', async () => {
    expect((await slipway(['schema'], nowhere)).json['title']).toBe('slipway.yaml');
    expect((await slipway(['schema', '--policy'], nowhere)).json['title']).toContain('policy');
  });
});

describe('setup and dev', () => {
  const env = { SLIPWAY_RECORDS_URL: 'env:URL', SLIPWAY_POLICY_FILE: '/policy.yaml', SLIPWAY_PUBLIC_KEYS: '/keys' };

  it('tells what was set up', async () => {
    const parts = { setUpTemporal: async () => ['namespace default: there already'] };
    expect(await slipway(['setup'], nowhere, { parts, env })).toMatchObject({
      exitCode: 0,
      stdout: 'namespace default: there already\n',
    });
  });

  it('prepares the records first where roles are asked for', async () => {
    const parts = { setUpTemporal: async () => ['namespace default'], setUpRecords: async () => ['the records'] };
    expect(await slipway(['setup', '--roles'], nowhere, { parts, env })).toMatchObject({
      exitCode: 0,
      stdout: 'the records\nnamespace default\n',
    });
  });

  it('tells a failure of the engine with its code and next step', async () => {
    const parts = { setUpTemporal: () => Promise.reject(failure('SLIP-REC-1', 'connection refused')) };
    const { exitCode, stderr } = await slipway(['setup'], nowhere, { parts, env });
    expect(stderr).toMatch(/^error: SLIP-REC-1 .*connection refused\n {2}next: /);
    expect(exitCode).toBe(4);
  });

  it('names the variables that are missing, and does not take that for a problem of Temporal', async () => {
    const parts = { setUpTemporal: () => Promise.reject(new Error('not to be asked')) };
    const { exitCode, stderr } = await slipway(['setup'], nowhere, { parts, env: { ...env, SLIPWAY_POLICY_FILE: '' } });
    expect(stderr).toMatch(/^error: the configuration is not complete:\n\s+SLIPWAY_POLICY_FILE/);
    expect(stderr).not.toContain('Temporal');
    expect(exitCode).toBe(2);
  });

  it('says what to check when Temporal cannot be reached', async () => {
    const parts = { setUpTemporal: () => Promise.reject(new Error('connection refused')) };
    const { exitCode, stderr } = await slipway(['setup'], nowhere, { parts, env });
    expect(stderr).toMatch(/^error: Temporal could not be set up: connection refused\n {2}next: Check/);
    expect(exitCode).toBe(4);
  });

  it('never ends with 1 for a defect: that would say that a release failed', async () => {
    const parts = { runDev: () => Promise.reject(new TypeError('x is undefined')) };
    const { exitCode, stderr } = await slipway(['dev'], nowhere, { parts });
    expect(stderr).toContain('unexpected: x is undefined');
    expect(exitCode).toBe(4);
  });

  it('runs dev until it is told to stop', async () => {
    const stop = new AbortController();
    const runDev = async ({ signal, report }: { signal: AbortSignal; report(line: string): void }) => {
      report('listening');
      stop.abort();
      expect(signal.aborted).toBe(true);
    };
    expect(await slipway(['dev'], nowhere, { parts: { runDev }, signal: stop.signal })).toMatchObject({
      exitCode: 0,
      stdout: 'listening\n',
    });
  });
});
