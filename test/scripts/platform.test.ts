import { describe, expect, it } from '@jest/globals';
import { platformProblem } from '../../scripts/bootstrap/platform.mjs';

type Machine = NonNullable<Parameters<typeof platformProblem>[0]>;

const good: Machine = { nodeMajor: 20, platform: 'linux', arch: 'x64', glibc: true };

describe('the platform check', () => {
  it.each<[string, Machine]>([
    ['Linux with glibc', good],
    ['macOS on Apple silicon', { nodeMajor: 24, platform: 'darwin', arch: 'arm64', glibc: false }],
  ])('lets %s through', (_name, machine) => {
    expect(platformProblem(machine)).toBeUndefined();
  });

  it.each<[string, Machine, RegExp]>([
    ['an old Node', { ...good, nodeMajor: 16 }, /install Node 18/],
    ['Windows', { ...good, platform: 'win32' }, /WSL 2/],
    ['Linux without glibc', { ...good, glibc: false }, /glibc/],
    ['a processor without native modules', { ...good, arch: 'riscv64' }, /riscv64/],
  ])('says what to do on %s', (_name, machine, sentence) => {
    expect(platformProblem(machine)).toMatch(sentence);
  });
});
