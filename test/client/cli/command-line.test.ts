import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { createCli } from '../../../client/cli/cli.ts';
import { columnsOf } from '../../../client/cli/layout.ts';
import { commandsOf } from '../../../client/cli/command-words.ts';
import { lazyParts } from '../../../client/cli/dev-parts.ts';
import { exitCodeRows } from '../../../client/cli/exit-codes.ts';
import { processIo } from '../../../client/cli/io.ts';
import { buildProgram } from '../../../client/cli/program.ts';
import { TemporalNotReached } from '../../../client/temporal-away.ts';
import { failure } from '../../../domain/errors/catalogue.ts';
import { otherExitCodes, outcomes } from '../../../domain/outcomes.ts';
import { slipway } from './terminal.ts';

const saleor = fileURLToPath(new URL('../../../examples/saleor', import.meta.url));
const nowhere = 'http://127.0.0.1:1';

/** Every command that people see, with those inside of it. */
const commands = pathsIn(buildProgram(createCli(processIo(new AbortController().signal), lazyParts), { version: '0' }));

function pathsIn(command: Command, before: string[] = []): string[][] {
  return commandsOf(command)
    .filter((one) => one.name() !== 'help')
    .flatMap((one) => [[...before, one.name()], ...pathsIn(one, [...before, one.name()])]);
}

describe('help', () => {
  it.each(commands.map((names) => [names.join(' '), names] as const))('of %s has examples', async (_name, names) => {
    const { exitCode, stdout } = await slipway([...names, '--help'], nowhere);
    expect(stdout).toContain(`Usage: slipway ${names.join(' ')}`);
    expect(stdout).toContain('Examples:');
    expect(exitCode).toBe(0);
    expect((await slipway(['help', ...names], nowhere)).stdout).toContain('Usage:');
  });

  it('lists every exit code, each of them once', async () => {
    const { stdout } = await slipway(['help', 'exit-codes'], nowhere);
    for (const name of [...Object.keys(outcomes), ...Object.keys(otherExitCodes)]) expect(stdout).toContain(name);
    const codes = exitCodeRows().map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it.each([
    ['lane', 'clear-hold'],
    ['lane', 'clear-ticket'],
    ['lane', 'tell'],
    ['freeze'],
    ['unfreeze'],
    ['validate'],
    ['setup'],
    ['policy', 'explain'],
  ])('has examples of the very command: %s %s', async (...command: string[]) => {
    const { stdout } = await slipway([...command, '--help'], nowhere, { columns: 300 });
    const examples = stdout
      .split('Examples:\n')[1]!
      .split('\n')
      .filter((line) => line.trim() !== '');
    expect(examples.length).toBeGreaterThan(0);
    for (const line of examples) expect(line).toMatch(new RegExp(`^  slipway ${command.join(' ')}( |$)`));
    expect(stdout).not.toMatch(/clear-hold[^\n]*quarter/);
  });

  it.each([
    ['COLUMNS says', (width: number) => ({ columns: 200, env: { COLUMNS: String(width) } })],
    ['the terminal is', (width: number) => ({ columns: width })],
    ['the terminal is, where COLUMNS is no number', (width: number) => ({ columns: width, env: { COLUMNS: 'wide' } })],
  ])('of every command is as wide as %s, and only an example by itself is wider', async (_what, sized) => {
    for (const width of [60, 80, 120]) {
      for (const names of [[], ...commands]) {
        const { stdout } = await slipway([...names, '--help'], nowhere, sized(width));
        const wide = stdout.split('\n').filter((line) => columnsOf(line) > width);
        expect(wide.filter((line) => !/^ {2}slipway \S+( \S+)*$/.test(line))).toEqual([]);
      }
    }
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
    ['a missing argument', ['approve'], '<id> is missing\n  next: Write: slipway approve '],
    ['a missing second argument', ['policy', 'explain', 'shop', '--policy', 'x'], '<environment> is missing'],
    [
      'a missing option of the parser',
      ['policy', 'explain', 'shop', 'production'],
      '--policy <file> is missing\n  next: Write: slipway policy explain [options] <service> <environment>. `slipway policy explain --help`',
    ],
    ['an option without its value', ['validate', '--policy'], 'the value of --policy <file> is missing'],
    ['words too many', ['watch', 'a', 'b', 'c d'], '"b", "c d" belongs to nothing: `slipway watch` takes <id> alone'],
    ['a word where none is taken', ['doctor', 'now'], '"now" belongs to nothing: `slipway doctor` takes no words'],
    ['an unknown topic', ['help', 'weather'], 'weather'],
    ['a topic that is nearly one', ['help', 'exit-code'], 'Did you mean exit-codes?'],
    ['a topic below a command', ['help', 'lane', 'claer-hold'], 'Did you mean clear-hold?'],
    ['an unknown command behind one that stands alone too', ['lane', 'claer-hold'], 'Did you mean clear-hold?'],
    ['one behind one that does not', ['audit', 'lst'], 'Did you mean list?'],
    ['one that is near nothing', ['lane', 'weather'], '`slipway lane --help`'],
    ['an unknown option where another is missing', ['deploy', '--comit', 'x'], 'Did you mean --commit?'],
    ['a required option that is misspelled', ['freeze', '--resaon', 'x'], 'Did you mean --reason?'],
    ['an unknown option with its value in one word', ['validate', '--polcy=x'], 'Did you mean --policy?'],
    ['an option before its command', ['--gateway', nowhere, 'releases'], 'behind the command'],
    [
      'a value that is not among those that there are',
      ['completion', 'bahs'],
      '"bahs" is no shell\n  next: Name one of: bash, zsh, fish',
    ],
    ['a duration nobody can read', ['watch', 'a', '--timeout', 'soon'], '30m'],
    ['a limit that is none', ['releases', '--limit', '-1'], 'number'],
  ])('(%s) ends with 2 and says what to do', async (_, args, says) => {
    const { exitCode, stderr, stdout } = await slipway(args, nowhere);
    expect(stderr).toContain(says);
    expect(stderr).toMatch(/^error: .+\n {2}next: .+\n$/);
    expect(stderr).not.toMatch(/argument|expected|not specified|cannot be used with/i);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('is shown what there is where a group is named alone', async () => {
    const { exitCode, stdout, stderr } = await slipway(['audit'], nowhere);
    expect(stderr).toMatch(/^Usage: slipway audit[^]+\nerror: no command is named\n {2}next: Name one/);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  it.each([
    ['a file', ['validate', 'no/slipway.yaml'], 'no/slipway.yaml cannot be read: there is no such file'],
    ['a directory', ['validate', '/'], '/ cannot be read: it is a directory'],
    [
      'a file below a file',
      ['validate', '/dev/null/x'],
      '/dev/null/x cannot be read: a part of its path is no directory',
    ],
    ['a policy', ['validate', '--policy-only', '/no/policy'], '/no/policy cannot be read: there is no such file'],
    ['a token file', ['releases', '--token-file', '/no/token'], 'the token file cannot be read: there is no such file'],
    ['rows', ['audit', 'verify', '--rows', '/no/rows'], '/no/rows cannot be read: there is no such file'],
  ])('names %s that cannot be read in plain words', async (_, args, says) => {
    const { exitCode, stderr } = await slipway(args, nowhere);
    expect(stderr).toContain(`error: ${says}\n`);
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

  it.each([
    ['the pipeline file', { colour: 'slipway.yaml' }],
    ['the policy', { colour: 'policy.yaml' }],
  ])(
    'says that what the policy allows was not looked at, where %s has problems of its own',
    async (_what, { colour }) => {
      const folder = await mkdtemp(join(tmpdir(), 'slipway-cli-'));
      try {
        for (const file of ['slipway.yaml', 'policy.yaml']) {
          const text = await readFile(join(saleor, file), 'utf8');
          await writeFile(join(folder, file), file === colour ? `${text}\ncolour: red\n` : text);
        }
        const notCompared =
          'Whether policy.yaml allows what slipway.yaml asks for was not looked at: that can be once these are right.';
        const args = ['validate', '--policy', 'policy.yaml'];
        const { stdout } = await slipway(args, nowhere, { cwd: folder });
        expect(stdout).toContain(`1 problem\n${notCompared}\n`);
        expect((await slipway([...args, '--json'], nowhere, { cwd: folder })).json).toMatchObject({
          ok: false,
          notCompared,
        });
        expect(
          (
            await slipway(['validate', ...(colour === 'slipway.yaml' ? [] : ['slipway.yaml'])], nowhere, {
              cwd: folder,
            })
          ).stdout,
        ).not.toContain('not looked at');
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );

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

  it('prints the schema on a terminal as it is, and not in lines of its width: it is to be copied', async () => {
    const written = await slipway(['schema'], nowhere);
    expect((await slipway(['schema'], nowhere, { terminal: true, columns: 40 })).stdout).toBe(written.stdout);
  });
});

describe('setup and dev', () => {
  const env = { SLIPWAY_RECORDS_URL: 'env:URL', SLIPWAY_POLICY_FILE: '/policy.yaml', SLIPWAY_PUBLIC_KEYS: '/keys' };

  const done = (says: string) => ({ ok: true, says });

  it('tells what was set up', async () => {
    const parts = { setUpTemporal: async () => [done('namespace default: there already')] };
    expect(await slipway(['setup'], nowhere, { parts, env })).toMatchObject({
      exitCode: 0,
      stdout: 'namespace default: there already\n',
    });
  });

  it('prepares the records first where roles are asked for', async () => {
    const parts = {
      setUpTemporal: async () => [done('namespace default')],
      setUpRecords: async (_env: object, { roles }: { roles: boolean }) => [done(`the records, with roles: ${roles}`)],
    };
    for (const [args, roles] of [
      [['--roles'], true],
      [[], false],
    ] as const)
      expect(await slipway(['setup', ...args], nowhere, { parts, env })).toMatchObject({
        exitCode: 0,
        stdout: `the records, with roles: ${roles}\nnamespace default\n`,
      });
  });

  it('says what is left for somebody else, and ends so that a script sees it', async () => {
    const left = { ok: false, says: 'no namespace', next: 'make one' };
    const parts = { setUpTemporal: async () => [left], setUpRecords: async () => [done('the records')] };
    expect(await slipway(['setup'], nowhere, { parts, env })).toMatchObject({
      exitCode: 1,
      stdout: 'the records\nleft no namespace\n     next: make one\n',
    });
    const { json, exitCode } = await slipway(['setup', '--json'], nowhere, { parts, env });
    expect([exitCode, json]).toEqual([
      1,
      { version: 1, done: ['the records'], left: [{ says: 'no namespace', next: 'make one' }] },
    ]);
  });

  it('only looks when it is asked to check, and makes no version current unless it is asked to', async () => {
    const asked: unknown[] = [];
    const parts = {
      setUpTemporal: async (_env: object, options: object) => (asked.push(options), []),
      checkTemporal: async () => (asked.push('check'), [done('looked')]),
    };
    for (const args of [[], ['--make-current', 'ab12'], ['--check']])
      expect((await slipway(['setup', ...args], nowhere, { parts, env })).exitCode).toBe(0);
    expect(asked).toEqual([{}, { makeCurrent: 'ab12' }, 'check']);
  });

  it.each([[['--check', '--roles']], [['--check', '--make-current', 'ab12']], [['--print-sql', '--check']]])(
    'refuses %p together',
    async (args) => {
      expect(await slipway(['setup', ...args], nowhere, { env })).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('goes with no other option'),
      });
    },
  );

  it('prints SQL where nothing is configured', async () => {
    const { exitCode, stdout } = await slipway(['setup', '--print-sql'], nowhere, { parts: lazyParts });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^create database slipway owner slipway_owner;$/m);
  });

  it('tells a failure of the engine with its code and next step', async () => {
    const parts = { setUpTemporal: () => Promise.reject(failure('SLIP-REC-1', 'connection refused')) };
    const { exitCode, stderr } = await slipway(['setup'], nowhere, { parts, env });
    expect(stderr).toMatch(/^error: SLIP-REC-1 .*connection refused\n {2}next: /);
    expect(exitCode).toBe(4);
  });

  it('names the variables that are missing, and does not take that for a problem of Temporal', async () => {
    const missing = {
      ...env,
      SLIPWAY_POLICY_FILE: '',
      SLIPWAY_TEMPORAL_TLS: 'yes',
      SLIPWAY_TEMPORAL_ADDRESS: 'nowhere',
    };
    const { exitCode, stderr } = await slipway(['setup'], nowhere, { parts: lazyParts, env: missing });
    expect(stderr).toMatch(/^error: slipway setup does not start: 3 things are missing or wrong\n/);
    for (const name of [
      'SLIPWAY_TEMPORAL_ADDRESS must be host:port\n',
      'SLIPWAY_TEMPORAL_TLS must be',
      'env:URL cannot be resolved',
    ])
      expect(stderr).toContain(name);
    // Which it does not use.
    expect(stderr).not.toContain('SLIPWAY_POLICY_FILE');
    expect(stderr).not.toContain('could not be set up');
    expect(exitCode).toBe(2);
  });

  it('says what to check when Temporal cannot be reached', async () => {
    const parts = { setUpTemporal: () => Promise.reject(new Error('connection refused')) };
    const { exitCode, stderr } = await slipway(['setup'], nowhere, { parts, env });
    expect(stderr).toMatch(/^error: Temporal cannot be asked: connection refused\n {2}next: Check/);
    expect(exitCode).toBe(4);
  });

  it('tells how the records are, also when Temporal cannot be reached', async () => {
    const away = () => Promise.reject(new TemporalNotReached('temporal.test:7233', new Error('no route')));
    const parts = { checkTemporal: away, checkRecords: async () => [done('the records are well')], runDev: away };
    const { exitCode, stdout, stderr } = await slipway(['setup', '--check'], nowhere, { parts, env });
    expect([exitCode, stdout]).toEqual([4, 'the records are well\n']);
    const said =
      /^error: Temporal at temporal\.test:7233 cannot be reached: no route\n {2}next: Check that Temporal runs/;
    expect(stderr).toMatch(said);
    // Nor is that a defect of a process that was to work.
    expect((await slipway(['dev'], nowhere, { parts })).stderr).toMatch(said);
  });

  it('never ends with 1 for a defect: that would say that a release failed', async () => {
    const parts = { runDev: () => Promise.reject(new TypeError('x is undefined')) };
    const { exitCode, stderr } = await slipway(['dev'], nowhere, { parts });
    expect(stderr).toContain('unexpected: x is undefined');
    expect(exitCode).toBe(4);
  });

  it('takes a dev that nothing was said to for wrong usage, and names everything that it needs', async () => {
    const { exitCode, stderr } = await slipway(['dev'], nowhere, { parts: lazyParts });
    const needed = ['RECORDS_URL', 'POLICY_FILE', 'PUBLIC_KEYS', 'SIGNING_KEY', 'TOKENS'];
    expect(needed.filter((name) => !stderr.includes(`SLIPWAY_${name} is needed`))).toEqual([]);
    expect(stderr).not.toContain('defect');
    expect(exitCode).toBe(2);
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
