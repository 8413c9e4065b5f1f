import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { shells } from '../../../client/cli/completion/scripts.ts';

const bin = fileURLToPath(new URL('../../../bin/slipway.js', import.meta.url));
const saleor = fileURLToPath(new URL('../../../examples/saleor', import.meta.url));

/** Every shell that is on this machine; bash is on all that this project runs on. */
const here = Object.keys(shells).filter((shell) => spawnSync(shell, ['-c', 'true']).status === 0);

let folder: string;
const script = (shell: string) => join(folder, `slipway.${shell}`);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-completion-'));
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin/slipway'), `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`);
  await chmod(join(folder, 'bin/slipway'), 0o755);
  await mkdir(join(folder, 'work'));
  await writeFile(join(folder, 'work/policy one.yaml'), '');
  for (const [shell, { text }] of Object.entries(shells)) await writeFile(script(shell), text);
});
afterAll(() => rm(folder, { recursive: true }));

/** What a key pressed behind these words would offer, by the real shell. */
const ask: Record<string, (words: string[]) => string[]> = {
  bash: (words) => [
    '-c',
    'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _slipway; ((${#COMPREPLY[@]} == 0)) || printf "%s\\n" "${COMPREPLY[@]}"',
    'bash',
    script('bash'),
    'slipway',
    ...words,
  ],
  // What zsh itself does with what it is given is stood in for: it would need a terminal.
  zsh: (words) => [
    '-f',
    '-c',
    `compdef() { }
    _describe() { local one; for one in "\${(@P)2}"; do print -r -- "\${one%%:*}"; done }
    compset() { }
    _files() { print -r -- *(N) }
    script=$1; shift; source $script; words=("$@"); CURRENT=$#words; _slipway; true`,
    'zsh',
    script('zsh'),
    'slipway',
    ...words,
  ],
  fish: (words) => [
    '--no-config',
    '-c',
    'source $argv[1]; complete -C "$argv[2]" | string replace -r "\\t.*" ""; true',
    script('fish'),
    ['slipway', ...words].join(' '),
  ],
};

async function offered(shell: string, words: string[], cwd: string): Promise<string[]> {
  const { stdout } = await execa(shell, ask[shell]!(words), {
    cwd,
    env: {
      PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`,
      HOME: folder,
      XDG_CONFIG_HOME: folder,
      SLIPWAY_GATEWAY: '',
    },
  });
  return stdout.split('\n').filter((line) => line !== '');
}

it('is tried in bash at least', () => {
  expect(here).toContain('bash');
});

describe.each(here)('the script for %s', (shell) => {
  it.each<[string[], string[]]>([
    [['dep'], ['deploy']],
    [
      ['lane', 'clear'],
      ['clear-hold', 'clear-ticket'],
    ],
    [['deploy', '--service', ''], ['saleor']],
    [['status', '--environment', 'prod'], ['production']],
    [['deploy', '--commit', ''], []],
    [['__'], []],
  ])('completes %j', async (words, expected) => {
    expect(await offered(shell, words, saleor)).toEqual(expected);
  });

  it('lets the shell find files where files are wanted', async () => {
    const [found, ...others] = await offered(shell, ['validate', '--policy', ''], join(folder, 'work'));
    expect(found?.replaceAll('\\', '')).toBe('policy one.yaml');
    expect(others).toEqual([]);
  });

  it('is what `slipway completion` prints', async () => {
    const { stdout } = await execa(process.execPath, [bin, 'completion', shell]);
    expect(`${stdout}\n`).toBe(shells[shell]!.text);
  });
});

describe('the value of an option behind its sign', () => {
  /** Bash itself cuts the word at the sign. */
  const inOneWord = (shell: string, option: string, value: string): string[] =>
    shell === 'bash' ? [option, '=', value] : [`${option}=${value}`];

  it.each(here)('is completed in %s', async (shell) => {
    const [found, ...others] = await offered(shell, ['deploy', ...inOneWord(shell, '--service', 's')], saleor);
    expect(found).toBe(shell === 'bash' ? 'saleor' : '--service=saleor');
    expect(others).toEqual([]);
  });

  // What zsh does with the part in front is its own.
  it.each(here.filter((shell) => shell !== 'zsh'))('is a file in %s where one is wanted', async (shell) => {
    const words = ['audit', 'verify', ...inOneWord(shell, '--ends', 'pol')];
    const [found, ...others] = await offered(shell, words, saleor);
    expect(found).toBe(shell === 'bash' ? 'policy.yaml' : '--ends=policy.yaml');
    expect(others).toEqual([]);
  });
});
