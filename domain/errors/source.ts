import type { FailureEntry } from './failure.ts';

export const sourceErrors = {
  'SLIP-SRC-1': {
    kind: 'terminal',
    blame: 'release',
    title: 'the commit is not on a branch that maps to this environment',
    next: 'Push the commit to the mapped branch, or name the environment whose branch carries it.',
  },
  'SLIP-SRC-2': {
    kind: 'retryable',
    blame: 'world',
    title: 'the repository cannot be reached',
    next: 'Check the network and the git server; the run goes on when it answers.',
  },
  'SLIP-SRC-3': {
    kind: 'terminal',
    blame: 'release',
    title: 'the commit is not in the repository',
    next: 'Check the repository and the commit; it must be on a branch that has been pushed.',
  },
  'SLIP-SRC-4': {
    kind: 'terminal',
    blame: 'release',
    title: 'the repository, branch, commit or path is not in a form that is accepted',
    next: 'Give the full 40-character commit, a plain branch name, a path inside the repository and a repository by an allowed protocol (SLIPWAY_SOURCE_PROTOCOLS of the gateway and of engine and build workers).',
  },
  'SLIP-SRC-5': {
    kind: 'terminal',
    blame: 'release',
    title: 'the file cannot be used',
    next: 'Make it a regular UTF-8 text file within the size limit.',
  },
  'SLIP-SRC-6': {
    kind: 'terminal',
    blame: 'release',
    title: 'the commit cannot be checked out safely',
    next: 'Remove the links that lead out of the repository, or make the tree smaller.',
  },
  'SLIP-SRC-7': {
    kind: 'terminal',
    blame: 'operator',
    title: 'the directory to check out into holds something else',
    next: 'Give an empty directory.',
  },
  'SLIP-SRC-8': {
    kind: 'terminal',
    blame: 'operator',
    title: 'the repository refuses access',
    next: 'Check that the repository exists, and its login under `git:` in the policy: what that refers to must be there for each process that reads repositories, which are the gateway and engine and build workers.',
  },
  'SLIP-SRC-9': {
    kind: 'retryable',
    blame: 'operator',
    title: 'git does not work on this worker',
    next: 'Install git 2.30 or newer on the worker and look at its disk; the run goes on when it works.',
  },
  'SLIP-SRC-10': {
    kind: 'terminal',
    blame: 'operator',
    title: 'the repository sends more than is taken from one',
    next: 'Look at what has been pushed to it: large files belong elsewhere. All branches count, not only the one that is released.',
  },
  'SLIP-SRC-11': {
    kind: 'terminal',
    blame: 'release',
    title: 'the repository holds objects that are not in good order',
    next: 'Run `git fsck` in a fresh clone, and remove the branch that holds what it names: all branches count.',
  },
} as const satisfies Record<string, FailureEntry>;
