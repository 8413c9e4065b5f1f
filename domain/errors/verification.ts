import type { FailureEntry } from './failure.ts';

export const verificationErrors = {
  'SLIP-VER-1': {
    kind: 'terminal',
    blame: 'release',
    title: 'the region does not answer as it should',
    next: 'Read what the endpoint answered.',
  },
  'SLIP-VER-2': {
    kind: 'terminal',
    blame: 'release',
    title: 'the endpoint cannot be asked',
    next: 'Correct the endpoint in slipway.yaml: a URL is http or https, without user name and password; a host, or a name, is that alone.',
  },
  'SLIP-VER-3': {
    kind: 'terminal',
    blame: 'world',
    inconclusive: true,
    title: 'it could not be told whether the region answers as it should',
    next: 'Read what was missing (no answer, no running pods, a smoke test that could not run): that is no proof against the release, and none for it.',
  },
  'SLIP-VER-4': {
    kind: 'terminal',
    blame: 'operator',
    title: "the endpoint is where the operator's policy lets nobody ask",
    next: `Name the host, or the address itself, under \`endpointHosts\` in the policy where it is meant to be asked; else correct slipway.yaml, and release that.`,
  },
} as const satisfies Record<string, FailureEntry>;
