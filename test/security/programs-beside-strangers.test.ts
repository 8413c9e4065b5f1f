import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCommand } from '../../activities/shared/run-command.ts';
import { createComposeTests } from '../../activities/tests/compose-tests.ts';
import { filesLikeARepository } from '../support/hostile-context.ts';
import { aProgress } from '../support/progress.ts';

/** A program of ours that looks for settings of its own beside it, or asks git, must not find what strangers wrote. */

let directory: string;
let mark: string;
const { PATH } = process.env;
beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'slipway-beside-')));
  mark = join(directory, 'mark');
});
afterEach(async () => {
  process.env['PATH'] = PATH;
  await rm(directory, { recursive: true, force: true });
});

async function aPlace(name: string, files: Record<string, string>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    const at = join(directory, name, path);
    await mkdir(dirname(at), { recursive: true });
    await writeFile(at, text);
  }
  return join(directory, name);
}
const hasRun = () =>
  access(mark).then(
    () => true,
    () => false,
  );

describe('git, asked by a program about files that look like a repository', () => {
  const questions = [
    ['rev-parse', '--show-toplevel'],
    ['rev-parse', '--is-inside-work-tree'],
    ['show', 'HEAD', '--'],
  ];

  it('would run what they say', async () => {
    const cwd = await aPlace('context', filesLikeARepository(mark));
    await expect(promisify(execFile)('git', ['show', 'HEAD', '--'], { cwd })).rejects.toThrow();
    expect(await hasRun()).toBe(true);
  });

  it.each(questions)('finds none: git %s %s', async (...question) => {
    const cwd = await aPlace('context', filesLikeARepository(mark));
    const asked = await runCommand({ program: 'git', args: question, cwd });
    expect(asked).toMatchObject({ exitCode: 128, tail: expect.stringMatching(/not a git repository/) });
    expect(await hasRun()).toBe(false);
  });

  it.each(questions)('finds none where the program has chosen which it means: git %s %s', async (...question) => {
    const cwd = await aPlace('context', filesLikeARepository(mark));
    const asked = await runCommand({ program: 'env', args: ['--unset=GIT_DIR', 'git', ...question], cwd });
    expect(asked).toMatchObject({
      exitCode: 128,
      tail: expect.stringMatching(/not a git repository|cannot use bare repository/),
    });
    expect(await hasRun()).toBe(false);
  });

  it('finds none by its name either, nor in a directory above', async () => {
    const cwd = await aPlace('context/below', filesLikeARepository(mark, '../.git'));
    await mkdir(cwd, { recursive: true });
    expect((await runCommand({ program: 'git', args: ['show', 'HEAD', '--'], cwd })).tail).toMatch(
      /not a git repository/,
    );
    expect(await hasRun()).toBe(false);
  });

  it('does not follow settings of the machine or the user', async () => {
    const HOME = await aPlace('home', { '.gitconfig': '[slipway]\n\tknown = yes\n' });
    const asked = await runCommand({ program: 'git', args: ['config', '--get', 'slipway.known'], env: { HOME } });
    expect([asked.exitCode, asked.stdout.toString()]).toEqual([1, '']);
  });
});

it('reads a compose file without being in the checkout', async () => {
  const seen = join(directory, 'seen');
  const client = `#!/bin/sh\ncase "$*" in *config) pwd >> ${seen};; esac\n`;
  const bin = await aPlace('bin', {});
  await mkdir(bin);
  await writeFile(join(bin, 'docker'), client, { mode: 0o755 });
  process.env['PATH'] = `${bin}:${PATH}`;
  const image = `registry.test/core@sha256:${'1'.repeat(64)}`;
  const checkout = await aPlace('checkout', { 'compose.yaml': 'services:\n  tests:\n    image: ${CORE_IMAGE}\n' });
  const request = {
    ...{ directory: checkout, composeFile: 'compose.yaml', service: 'tests', reports: [], timeoutMs: 20_000 },
    ...{ allowedImages: [], images: { core: image }, project: 'slipway-beside' },
  };
  await expect(createComposeTests({}).run(request as never, aProgress())).rejects.toThrow(/SLIP-TEST/);
  const { stdout } = await promisify(execFile)('cat', [seen]);
  expect(stdout.trim()).not.toBe('');
  expect(stdout).not.toContain(checkout);
});
