import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandsToTry } from '../../lab/demo/keep.ts';
import { failureHeading } from '../../lab/demo/release.ts';

describe('what the demo says', () => {
  it('over a failure is what the README quotes', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
    const quoted = readme.split('\n').filter((line) => line.trim().startsWith('✖'));
    const withoutTimes = (line: string) => line.trim().replaceAll(/[0-9.]+ s /g, 'N s ');
    expect(quoted.map(withoutTimes)).toEqual([withoutTimes(failureHeading(1_700))]);
    expect(failureHeading(1_700)).toBe("✖ seen 1.7 s after the region's change began, in the pod's own words:");
    expect(failureHeading(undefined)).toBe('✖ it failed:');
  });

  describe('of how to go on, where everything stays up,', () => {
    const world = {
      engine: { gatewayUrl: 'http://gateway.test', tokenFiles: { requester: '/developer', approver: '/approver' } },
      regions: { commits: { second: '2'.repeat(40) } },
    };
    /** The verbs of `slipway`, in their order. */
    const verbs = (outcome: string) =>
      commandsToTry(world, outcome).flatMap(
        (line) => /^npm run slipway -- ([a-z -]+?) (?:--|ID)/.exec(line)?.[1] ?? [],
      );

    it.each(['rolled-back', 'halted'])(
      'opens the lane before anything is deployed, after one that ended %s',
      (outcome) => {
        expect(verbs(outcome)).toEqual(['status', 'lane', 'lane clear-hold', 'deploy', 'approve']);
        expect(commandsToTry(world, outcome).find((line) => line.includes('clear-hold'))).toMatch(
          / --service shop --environment production --reason ".+" --token-file \/approver$/,
        );
      },
    );

    it.each(['verified', 'rejected', 'failed'])(
      'deploys at once after one that ended %s: nothing holds the lane',
      (outcome) => {
        expect(verbs(outcome)).toEqual(['status', 'lane', 'deploy', 'approve']);
      },
    );
  });
});
