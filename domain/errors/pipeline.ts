import type { FailureEntry } from './failure.ts';

export const pipelineErrors = {
  'SLIP-CFG-1': {
    kind: 'terminal',
    blame: 'release',
    title: 'the pipeline file is not valid',
    next: 'Correct the lines named; `slipway validate` checks without starting anything.',
  },
  'SLIP-CFG-2': {
    kind: 'terminal',
    blame: 'operator',
    title: "the operator's policy file is not valid",
    next: 'The operator must correct the lines named; nothing is released until then, since this process has read no valid policy before.',
  },
  'SLIP-CFG-3': {
    kind: 'terminal',
    blame: 'release',
    title: "the pipeline file asks for less than the operator's policy allows",
    next: 'Correct the lines named in slipway.yaml, or ask the operator to change the policy.',
  },
  'SLIP-CFG-4': {
    kind: 'terminal',
    blame: 'release',
    title: 'the branch is not mapped to the environment',
    next: 'Push to one of the branches listed, or add the branch to an environment in slipway.yaml.',
  },
  'SLIP-CFG-5': {
    kind: 'terminal',
    blame: 'release',
    title: 'the branch is mapped to several environments',
    next: 'Name the environment when starting the release.',
  },
  'SLIP-CFG-6': {
    kind: 'terminal',
    blame: 'release',
    title: 'there is no pipeline file at the commit',
    next: 'Add slipway.yaml at the top of the repository and push.',
  },
} as const satisfies Record<string, FailureEntry>;
