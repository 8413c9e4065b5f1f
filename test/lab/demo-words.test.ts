import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pc from 'picocolors';
import { CliFailure } from '../../client/cli/failures.ts';
import type { DecisionKind } from '../../domain/contract/decisions.ts';
import type { ReleaseView } from '../../domain/contract/gateway.ts';
import type { ReleaseStatus } from '../../domain/contract/status.ts';
import { answeringOf } from '../../lab/demo/approval.ts';
import type { Answering } from '../../lab/demo/approval.ts';
import { askedFor, askLines } from '../../lab/demo/asks.ts';
import { dashboardLine } from '../../lab/demo/dashboard.ts';
import { commandsToTry } from '../../lab/demo/keep.ts';
import type { DemoOptions } from '../../lab/demo/options.ts';
import { failureHeading, tellRelease } from '../../lab/demo/release.ts';
import type { ReleaseNeeds } from '../../lab/demo/release.ts';
import { aRelease, aStatus } from '../client/cli/builders.ts';

describe('what the demo says', () => {
  it('over a failure is what the README quotes', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
    const quoted = readme.split('\n').filter((line) => line.trim().startsWith('✖'));
    const withoutTimes = (line: string) => line.trim().replaceAll(/[0-9.]+ s /g, 'N s ');
    expect(quoted.map(withoutTimes)).toEqual([withoutTimes(failureHeading(1_700))]);
    expect(failureHeading(1_700)).toBe("✖ seen 1.7 s after the region's change began, in the pod's own words:");
    expect(failureHeading(undefined)).toBe('✖ it failed:');
  });

  it('goes on while the gateway does not answer for a moment, and asks for the plan again', async () => {
    const held = aRelease({ status: aStatus({ stage: 'held', planHash: 'h' }) });
    const looks = [held, held, aRelease({ open: false, outcome: 'halted', endedAt: held.startedAt })];
    const details = { code: 'unavailable', message: 'away', next: '', exitCode: 1, gateway: { temporary: true } };
    const plans = ['away', 'here', 'asked once more'];
    const quiet = () => undefined;
    const needs = {
      cli: { io: { now: () => 0, sleep: () => Promise.resolve() }, colors: pc.createColors(false) },
      narrator: { block: quiet, step: quiet, story: quiet, now: quiet },
      developer: { start: () => Promise.resolve({ releaseId: 'r' }), release: () => Promise.resolve(looks.shift()) },
      approver: {
        plan: () =>
          plans.shift() === 'away'
            ? Promise.reject(new CliFailure(details))
            : Promise.resolve({ plan: { onFailure: { partial: 'hold' } } }),
      },
      decidedAt: { gatewayUrl: 'http://gateway.test', tokenFiles: { requester: '/r', approver: '/a' } },
    } as unknown as ReleaseNeeds;
    const told = await tellRelease(needs, { commit: held.commit, answering: 'on its page' });
    expect([told.view.outcome, plans]).toEqual(['halted', ['asked once more']]);
  });

  describe('to a person who is waited for', () => {
    const at = { gatewayUrl: 'http://gateway.test', tokenFiles: { requester: '/developer', approver: '/approver' } };
    const pageUrl = 'http://gateway.test/runs/release/shop/production/a/1';
    const waits = (changes: Partial<ReleaseStatus>, more: Partial<ReleaseView> = { pageUrl }) =>
      aRelease({ number: 2, status: aStatus(changes), ...more });
    const decisions: DecisionKind[] = ['roll-back', 'accept-failure'];
    const held = (startedAt: number) =>
      waits({
        stage: 'held',
        waitingFor: { what: 'rollback decision', who: 'approvers', decisions },
        timings: [
          { stage: 'held', startedAt: 1, endedAt: 2 },
          { stage: 'held', startedAt },
        ],
      });
    const ofApprover = '--gateway http://gateway.test --token-file /approver';

    it('is the page and the command by which they say yes', () => {
      const lines = askLines(waits({ stage: 'awaiting-approval' }), at);
      expect(lines).toEqual([
        '',
        'It waits for your yes.',
        'On its page, as lab-approver:',
        `  ${pageUrl}`,
        'By a command, in another terminal, in this checkout:',
        `  npm run slipway -- approve shop#2 ${ofApprover}`,
        '',
      ]);
    });

    it('is each way on from a release that is held', () => {
      const lines = askLines(held(5), at);
      expect(lines).toContain('It is held: somebody decides how it goes on.');
      expect(lines.filter((line) => line.includes('npm run'))).toEqual([
        `  npm run slipway -- rollback shop#2 ${ofApprover}`,
        `  npm run slipway -- accept-failure shop#2 ${ofApprover}`,
      ]);
    });

    it('is said once for each plan, and for each time that it is held', () => {
      const asked = [
        waits({ stage: 'awaiting-approval', planHash: 'one' }),
        waits({ stage: 'awaiting-approval', planHash: 'two' }),
        ...[held(5), held(6), held(6)],
      ].map(askedFor);
      expect(new Set(asked).size).toBe(4);
      expect(askedFor(waits({ stage: 'deploying' }))).toBeUndefined();
      expect(askedFor({ ...held(5), open: false })).toBeUndefined();
    });
  });

  it('of its pages is where they are and who may log in, or why there are none', () => {
    expect(dashboardLine({ pages: 'http://127.0.0.1:1' })).toBe(
      'Dashboard: http://127.0.0.1:1  (log in as lab-developer, lab-approver, visitor; no password)',
    );
    expect(dashboardLine({})).toMatch(/^The dashboard is off: its pages were not built/);
  });

  it.each<[Partial<DemoOptions>, boolean, boolean, Answering]>([
    [{ keep: true }, false, true, 'on its page'],
    [{ keep: true }, true, true, 'on its page'],
    [{ keep: true, yes: true }, true, true, '--yes'],
    [{ keep: true, json: true }, true, true, 'no terminal'],
    [{ keep: true, slack: true }, true, true, 'asked'],
    [{ keep: true }, true, false, 'asked'],
    [{ keep: true }, false, false, 'no terminal'],
    [{}, true, true, 'asked'],
    [{}, false, true, 'no terminal'],
  ])('waits for whoever is there: %j, terminal %j, pages %j', (given, isTerminal, hasPages, expected) => {
    const options = { keep: false, yes: false, json: false, slack: false, ...given };
    const isTTY = { stdin: isTerminal, stdout: isTerminal, stderr: isTerminal };
    expect(answeringOf(options, { io: { isTTY } }, hasPages)).toBe(expected);
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
