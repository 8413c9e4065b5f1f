import { describe, expect, it } from '@jest/globals';
import { typicalQuestion } from '../../../client/dashboard/gateway/questions.ts';
import { rowsOfRun, shownDecision } from '../../../client/dashboard/words/decided.ts';
import { foundInWords, shownMigration, shownVerdict, testsInWords } from '../../../client/dashboard/words/evidence.ts';
import { linesOf, logInLines } from '../../../client/dashboard/words/lines.ts';
import { meanwhileOf } from '../../../client/dashboard/words/meanwhile.ts';
import { durationsOf, trackOf } from '../../../client/dashboard/words/track.ts';
import { ownNote } from '../../../client/dashboard/words/where.ts';
import { whyLine, whyLines } from '../../../client/dashboard/words/why.ts';
import type { RecordedDecision, ReleaseView } from '../../../domain/contract/gateway.ts';
import type { FindingEvidence, TypicalDurations } from '../../../domain/contract/kept-evidence.ts';
import type { ReleaseStatus } from '../../../domain/contract/status.ts';
import type { Verdict } from '../../../domain/contract/verdicts.ts';

const status = (more: Partial<ReleaseStatus>): ReleaseStatus => ({
  ...{ releaseId: 'r', stage: 'held', doing: '', artifacts: [], migrations: [], regions: [] },
  ...{ checks: [], timings: [], approvals: [], log: [] },
  ...more,
});
const view = (more: Partial<ReleaseView>): ReleaseView => ({
  ...{ releaseId: 'r', service: 'shop', environment: 'production', commit: 'c', branch: 'main', attempt: 1 },
  ...{ requestedBy: 'ann', startedAt: 0, open: true, why: [] },
  ...more,
});

describe('a text from elsewhere', () => {
  it('keeps its lines, and nothing else that it could do', () => {
    expect(linesOf('one\r\n\ttwo\u202e\n')).toEqual(['one', '    two\\u{202e}']);
    expect(logInLines('a\nb\u001b[31m')).toBe('a\nb\\u{1b}[31m');
  });

  it('is bounded', () => {
    expect(linesOf('x\n'.repeat(500))).toHaveLength(61);
    expect(linesOf('x\n'.repeat(500)).at(-1)).toBe('… 440 more lines');
  });
});

describe('why a run does not move', () => {
  it('has its times as times, and its commands to copy', () => {
    const line =
      'It waits for a decision: ops can move it, until 2026-03-18T13:15:01.000Z: `slipway retry r`, `slipway abort r --reason "x"`.';
    expect(whyLine(line)).toEqual({
      parts: [
        { kind: 'text', text: 'It waits for a decision: ops can move it, until ' },
        { kind: 'time', at: Date.parse('2026-03-18T13:15:01.000Z') },
        { kind: 'text', text: '.' },
      ],
      commands: ['slipway retry r', 'slipway abort r --reason "x"'],
    });
  });

  it('says a failure once: that which stands above it is left out', () => {
    const failure = { code: 'SLIP-K8S-1', title: 'the rollout failed' } as ReleaseStatus['failure'] & object;
    const why = [
      'SLIP-K8S-1 the rollout failed: no CHECKOUT_URL. Held since 2026-03-17T13:15:01.000Z.',
      'Next: set it in nl.',
    ];
    const lines = whyLines({ why, status: status({ failure }) });
    expect(lines.map(({ parts }) => parts.map((part) => (part.kind === 'text' ? part.text : 'then')).join(''))).toEqual(
      ['Held since then.', 'Next: set it in nl.'],
    );
    expect(whyLines({ why })).toHaveLength(2);
  });

  it('says neither what is wrong nor how it has ended a second time', () => {
    const why = [
      'By the records it had begun to change core.',
      'It has ended: halted, no CHECKOUT_URL.',
      'Roll it back.',
    ];
    expect(whyLines({ why, troubles: why.slice(0, 1), outcome: 'halted' })).toEqual([whyLine('Roll it back.')]);
  });
});

describe('what a region has to say', () => {
  const components = [{ component: 'storefront', image: 'i', phase: 'failed' as const, note: 'no CHECKOUT_URL' }];
  const region = (note?: string) => ({
    region: 'nl',
    phase: 'failed' as const,
    components,
    ...(note !== undefined && { note }),
  });

  it.each([
    ['storefront: no CHECKOUT_URL', undefined],
    ['no CHECKOUT_URL', undefined],
    ['its cluster is away', 'its cluster is away'],
    ['', undefined],
  ])('is left out where a component says it: %j', (note, wanted) => {
    expect(ownNote(region(note))).toBe(wanted);
    expect(ownNote(region())).toBeUndefined();
  });
});

describe('what somebody was asked while others decide', () => {
  const decision = (more: Partial<RecordedDecision> = {}): RecordedDecision => ({
    ...{ kind: 'approve', by: 'ann', at: 1, channel: 'cli', reason: '' },
    ...more,
  });
  const asks = (decisions: RecordedDecision[], more: Partial<ReleaseView> = {}) =>
    view({
      status: status({
        stage: 'awaiting-approval',
        waitingFor: { what: 'x', who: 'y', decisions: ['approve', 'reject'] },
      }),
      recorded: { planHash: 'h', approvals: [], changed: [], decisions },
      ...more,
    });
  const then = asks([decision()]);
  const meanwhile = (now: ReleaseView) => meanwhileOf(now, { kind: 'approve', then, planHash: 'h' });

  it('stays as it is while nothing happens', () => {
    expect(meanwhile(then)).toEqual({ says: [] });
  });

  it('may still be done beside another yes, which is told', () => {
    expect(meanwhile(asks([decision(), decision({ by: 'ben', at: 2 })]))).toEqual({
      says: ['ben has approved it meanwhile.'],
    });
  });

  it('cannot be done any more where somebody has ended it, and says who', () => {
    const over = asks([decision(), decision({ kind: 'reject', by: 'ben', at: 2 })], {
      outcome: 'rejected',
      open: false,
    });
    delete over.status;
    expect(meanwhile(over)).toEqual({
      says: ['ben has rejected it meanwhile.'],
      why: 'Nobody is asked for this any more: it is rejected by now.',
    });
  });

  it('is not signed for a plan that was not shown', () => {
    const other = asks([decision()], {
      recorded: { planHash: 'i', approvals: [], changed: [], decisions: [decision()] },
    });
    expect(meanwhile(other).why).toContain('Another plan');
  });

  it('is not stopped by what the run has refused', () => {
    expect(meanwhile(asks([decision(), decision({ kind: 'abort', by: 'ben', at: 2, refused: 'no' })]))).toEqual({
      says: [],
    });
  });
});

describe('how long it takes', () => {
  const timings = [
    { stage: 'building' as const, startedAt: 0, endedAt: 100_000 },
    { stage: 'awaiting-approval' as const, startedAt: 100_000, endedAt: 900_000 },
    { stage: 'deploying' as const, startedAt: 900_000, endedAt: 960_000 },
    { stage: 'held' as const, startedAt: 960_000 },
  ];
  const run = view({ status: status({ timings }) });
  const typical: TypicalDurations = {
    runs: 20,
    stages: [
      { stage: 'building', medianMs: 40_000, runs: 18 },
      { stage: 'awaiting-approval', medianMs: 1_000, runs: 20 },
      { stage: 'deploying', medianMs: 52_000, runs: 1 },
    ],
  };

  it('stands beside what is usual, and never so for people', () => {
    expect(trackOf(run, 1_000_000, typical).map(({ usual }) => usual)).toEqual([
      ...['usually 40 s', undefined, 'last time 52 s', undefined],
    ]);
    expect(trackOf(run, 1_000_000).every(({ usual }) => usual === undefined)).toBe(true);
  });

  it('is of other runs, and of what carries out an order there is none', () => {
    expect(typicalQuestion(run)).toMatchObject({ enabled: true, queryKey: expect.arrayContaining([run.releaseId]) });
    expect(typicalQuestion(view({ undoes: { releaseId: 'r0' } })).enabled).toBe(false);
  });

  it('is slow where it took twice as long, and people are never', () => {
    const rows = durationsOf(run, 1_000_000, typical);
    expect(rows.filter(({ isSlow }) => isSlow).map(({ name }) => name)).toEqual(['building']);
    expect(rows.filter(({ waits }) => waits).map(({ name, usual }) => [name, usual])).toEqual([
      ['waiting for approval', undefined],
      ['held', undefined],
    ]);
  });
});

describe('evidence', () => {
  const finding = (more: Partial<FindingEvidence> = {}): FindingEvidence => ({
    ...{ id: 'CVE-1', severity: 'HIGH', where: 'zlib' },
    ...more,
  });

  it('counts what counts, what is waived, and what is not shown', () => {
    const findings = [finding(), finding({ waivedBy: { reason: 'not reachable', expires: '2026-12-31' } })];
    const gate = { gate: 'image scan', verdict: 'fail' as const, summary: '' };
    expect(foundInWords({ ...gate, found: { counted: 3, findings } })).toBe('3 count, 1 waived, 2 not shown');
    expect(foundInWords({ ...gate, found: { counted: 0, findings: [] } })).toBe('none that counts');
    expect(foundInWords(gate)).toBeUndefined();
  });

  it('is good only for what has passed, also in words of a newer gateway', () => {
    expect(['pass', 'fail', 'inconclusive', 'maybe'].map((one) => shownVerdict(one as Verdict).tone)).toEqual([
      ...['good', 'stop', 'mute', 'mute'],
    ]);
    expect(shownMigration({ database: 'shop', end: 'given up' })).toMatchObject({ tone: 'mute', word: 'not begun' });
  });

  it('says how many tests failed', () => {
    const tests = { passed: false, exitCode: 1, total: 214, failed: [{ name: 'a', message: '' }], logs: [] };
    expect(testsInWords(tests)).toBe('1 of 214 tests failed, exit code 1');
    expect(testsInWords({ ...tests, passed: true, failed: [] })).toBe('214 tests passed');
  });
});

describe('decisions', () => {
  it('that were refused stand for nothing, and look like it', () => {
    expect(shownDecision({ kind: 'approve' }).tone).toBe('good');
    expect(shownDecision({ kind: 'approve', refused: 'no' })).toEqual({
      icon: 'revoked',
      tone: 'mute',
      word: 'yes, refused',
    });
    expect(shownDecision({ kind: 'sing' as 'abort' }).word).toBe('sing');
  });

  it('have their rows in the audit of the lane, the newest first', () => {
    const row = (n: number, who: string, facts = {}) => ({
      ...{ lane: 'l', key: `${n}`, at: n, what: 'w', who, facts, n, previous: '', hash: '' },
    });
    const rows = [row(1, 'r'), row(2, 'kim', { releaseId: 'r' }), row(3, 'other')];
    expect(rowsOfRun(rows, 'r').map(({ n }) => n)).toEqual([2, 1]);
  });
});
