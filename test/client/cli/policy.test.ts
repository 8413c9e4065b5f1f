import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { slipway } from './terminal.ts';

const saleor = fileURLToPath(new URL('../../../examples/saleor', import.meta.url));
const nowhere = 'http://127.0.0.1:1';
const explained = (args: string[], cwd = saleor) => slipway(['policy', 'explain', ...args], nowhere, { cwd });
const place = ['saleor', 'production', '--policy', 'policy.yaml'];

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-cli-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('policy explain', () => {
  it('prints what is in force, and the line that says so', async () => {
    const { exitCode, stdout } = await explained([...place, '--pipeline', 'slipway.yaml', '--branch', 'main']);
    expect(stdout).toMatch(/^saleor in production\n/);
    expect(stdout).toMatch(/ {2}approval\.expires +24h +slipway\.yaml:\d+\n/);
    expect(stdout).toMatch(/ {2}testsRequired +true +policy\.yaml:\d+\n/);
    expect(stdout).toMatch(/ {2}queue +supersede +default\n/);
    expect(stdout).toMatch(/ {2}clusters +\[saleor-cluster, saleor-cluster-nl-be\] +policy\.yaml:\d+\n/);
    expect(stdout).toMatch(/The branch main may be released there\.\n$/);
    expect(exitCode).toBe(0);
  });

  it('takes the options of the gateway, as commands that ask one do, and asks nobody', async () => {
    const args = [...place, '--gateway', nowhere, '--token-file', '/no/token'];
    expect(await explained(args)).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await slipway(['policy', 'explain', '--help'], nowhere)).stdout).not.toContain('--token-file');
  });

  it('says the same to programs', async () => {
    const { json, exitCode } = await explained([...place, '--branch', 'feature/x', '--json']);
    expect(json).toMatchObject({
      ok: false,
      service: 'saleor',
      environment: 'production',
      branch: { name: 'feature/x', mayBeReleased: false },
      problems: [],
    });
    expect(json['rows']).toContainEqual({ part: 'in force', key: 'queue', value: 'supersede', by: 'default' });
    expect(exitCode).toBe(1);
  });

  it('ends with 1 for a branch that is not released there', async () => {
    const { exitCode, stdout } = await explained([...place, '--branch', 'feature/x']);
    expect(stdout).toMatch(/The branch feature\/x may not be released there\.\n$/);
    expect(exitCode).toBe(1);
  });

  it('says that a release would be refused, and ends with 1', () =>
    inFolder(async (folder) => {
      const text = await readFile(join(saleor, 'slipway.yaml'), 'utf8');
      await writeFile(join(folder, 'slipway.yaml'), text.replace('tags: [latest]', 'tags: [stable]'));
      const { exitCode, stdout } = await explained([...place, '--pipeline', join(folder, 'slipway.yaml')]);
      expect(stdout).toContain('A release would be refused:');
      expect(stdout).toContain('the tag `stable` may not be moved');
      expect(exitCode).toBe(1);
    }));

  it('tells what is wrong in the files, and nothing that would hold', () =>
    inFolder(async (folder) => {
      await writeFile(join(folder, 'policy.yaml'), 'version: 2\n');
      const { exitCode, stdout } = await explained(['saleor', 'production', '--policy', 'policy.yaml'], folder);
      expect(stdout).toMatch(/policy\.yaml:1:10 {2}`version` must be 1/);
      expect(stdout).not.toContain('In force');
      expect(exitCode).toBe(1);
    }));

  it.each([
    [['shop', 'production', '--policy', 'policy.yaml'], 'the policy has no service "shop"'],
    [['saleor', 'live', '--policy', 'policy.yaml'], 'the policy does not let saleor into "live"'],
    [['saleor', 'production', '--policy', 'nowhere.yaml'], 'nowhere.yaml cannot be read'],
    [['saleor', 'production'], '--policy'],
  ])('knows no such place or file: %j', async (args, says) => {
    const { exitCode, stderr } = await explained(args);
    expect(stderr).toContain(says);
    expect(exitCode).toBe(2);
  });
});

describe('validate --policy', () => {
  it('looks at the policy alone where no slipway.yaml is, and at both where one is', () =>
    inFolder(async (folder) => {
      await writeFile(join(folder, 'policy.yaml'), await readFile(join(saleor, 'policy.yaml')));
      const validated = (...args: string[]) => slipway(['validate', ...args], nowhere, { cwd: folder });
      const alone = await validated('--policy', 'policy.yaml');
      expect(alone).toMatchObject({ exitCode: 0, stdout: 'policy.yaml: no problems, looked at alone\n' });
      expect((await validated('--policy-only', 'policy.yaml')).stdout).toBe(alone.stdout);
      // One that was asked for and is not there is never taken for well.
      expect((await validated('slipway.yaml', '--policy', 'policy.yaml')).exitCode).toBe(2);
      await writeFile(join(folder, 'slipway.yaml'), await readFile(join(saleor, 'slipway.yaml')));
      expect((await validated('--policy-only', 'policy.yaml')).stdout).toBe(alone.stdout);
      expect((await validated('--policy', 'policy.yaml')).stdout).toBe(
        'slipway.yaml: no problems, and nothing that policy.yaml does not allow\n',
      );
    }));

  it('names a command that looks at the policy alone, also beside a slipway.yaml, for a policy that was given as one', () =>
    inFolder(async (folder) => {
      for (const file of ['policy.yaml', 'slipway.yaml'])
        await writeFile(join(folder, file), await readFile(join(saleor, file)));
      const validated = (...args: string[]) => slipway(['validate', ...args], nowhere, { cwd: folder });
      const { stdout } = await validated('policy.yaml');
      const said = /`slipway validate (\S+) FILE`/.exec(stdout)?.[1];
      expect(await validated(said!, 'policy.yaml')).toMatchObject({
        exitCode: 0,
        stdout: 'policy.yaml: no problems, looked at alone\n',
      });
    }));

  it('warns, and ends with 0', () =>
    inFolder(async (folder) => {
      const text = await readFile(join(saleor, 'slipway.yaml'), 'utf8');
      const twice = text.replace('branches: [develop]', 'branches: [develop, feature/*]');
      await writeFile(join(folder, 'slipway.yaml'), twice);
      const { exitCode, stdout } = await slipway(['validate'], nowhere, { cwd: folder });
      expect(stdout).toMatch(/`feature\/\*` is released to `development` \(slipway\.yaml:\d+\) as well/);
      expect(stdout).toMatch(/\n1 warning\nslipway\.yaml: no problems\n$/);
      expect(exitCode).toBe(0);
      const { json } = await slipway(['validate', '--json'], nowhere, { cwd: folder });
      expect(json).toMatchObject({
        ok: true,
        problems: [],
        warnings: [{ file: 'slipway.yaml', hint: expect.any(String) }],
      });
    }));

  it('says to programs what belongs where', () =>
    inFolder(async (folder) => {
      const text = await readFile(join(saleor, 'slipway.yaml'), 'utf8');
      await writeFile(join(folder, 'slipway.yaml'), text.replace('branches: [main]', 'branches: main'));
      const { json } = await slipway(['validate', '--json'], nowhere, { cwd: folder });
      expect(json['problems']).toEqual([
        {
          file: 'slipway.yaml',
          line: expect.any(Number),
          column: 15,
          endColumn: 19,
          path: 'environments.production.branches',
          message: '`branches` must be a list, not a text',
          hint: 'write `branches: [main]`',
          correction: '[main]',
        },
      ]);
    }));
});
