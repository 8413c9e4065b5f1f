import { describe, expect, it } from '@jest/globals';
import pc from 'picocolors';
import { columnsOf, fit, foldedTo, foldedToRead, table } from '../../../client/cli/layout.ts';
import { exitCodeOf } from '../../../client/cli/exit-codes.ts';
import { renderStatus, renderWhy } from '../../../client/cli/render-status.ts';
import { safeText } from '../../../client/cli/safe-text.ts';
import { deadline, duration, parseDuration } from '../../../client/cli/words.ts';
import type { RegionStatus } from '../../../domain/contract/status.ts';
import { aRelease, aStatus, awaitingApproval, ended, noon } from './builders.ts';

const plain = { now: noon + 20_000, width: 100, colors: pc.createColors(false), timeZone: 'UTC' };
const id = 'release/shop/production/0123456789abcdef0123456789abcdef01234567/1';

describe('a release as lines', () => {
  it('shows stages with durations, regions with components, and what is going on', () => {
    expect(renderStatus(aRelease({ releaseId: id }), plain)).toEqual([
      `shop → production  ${id}`,
      'commit 0123456789ab on main, attempt 1, requested by ada at 12:00:00',
      '● deploying: waits for the pods of core in eu-west (20 s)',
      '',
      'Regions',
      '                        core         web',
      '  eu-west  ● deploying  ● deploying  = unchanged',
      '  us-east  · pending    · pending    -',
      '  eu-west core: 1 of 3 pods updated',
      '',
      'Stages',
      '  ✔  joining    0.4 s',
      '  ✔  building   12 s',
      '  ●  deploying  7.6 s',
      '  ·  verifying',
      '  ·  recording',
      '',
      'Log',
      '  12:00:00 building core',
    ]);
  });

  it('says of a region that failed after its components were verified what failed there, and nothing twice', () => {
    const crashed = 'the rollout failed: web (old pods still ready to serve: 2 of 2): web-1/web: CrashLoopBackOff';
    const cell = (component: string, phase: 'verified' | 'failed', note = '') => ({
      component,
      image: '',
      phase,
      note,
    });
    const regions = [
      { region: 'de', phase: 'failed' as const, note: 'checkout: 503', components: [cell('core', 'verified')] },
      { region: 'fr', phase: 'failed' as const, note: 'not back', components: [cell('web', 'failed', crashed)] },
      { region: 'nl', phase: 'failed' as const, note: crashed, components: [cell('web', 'failed', crashed)] },
    ] as RegionStatus[];
    const lines = renderStatus(aRelease({ status: aStatus({ regions }) }), { ...plain, width: Infinity });
    expect(lines.filter((line) => /^ {2}(de|fr|nl)\b.*:/.test(line))).toEqual([
      '  de: all its components were verified. Failed since: checkout: 503',
      '  fr: not back',
      `  fr web: ${crashed}`,
      `  nl: ${crashed}`,
    ]);
  });

  it('shows what it waits for, until when, and the command that moves it', () => {
    const lines = renderStatus(awaitingApproval('f'.repeat(64)), { ...plain, width: Infinity });
    expect(lines).toContain('  for approval; who can move it: one of group release-managers');
    expect(lines).toContain('  until 2026-03-01 13:00 (in 59 min 40 s)');
    expect(lines.some((line) => line.includes(`slipway approve `) && line.endsWith(`--plan ${'f'.repeat(64)}`))).toBe(
      true,
    );
  });

  it('marks the stage that failed, not the ones that went well', () => {
    const timings = [
      { stage: 'building' as const, startedAt: noon, endedAt: noon + 1_000 },
      { stage: 'deploying' as const, startedAt: noon + 1_000, endedAt: noon + 2_000 },
      { stage: 'rolling-back' as const, startedAt: noon + 2_000, endedAt: noon + 3_000 },
      { stage: 'done' as const, startedAt: noon + 3_000 },
    ];
    const failure = {
      code: 'SLIP-K8S-1',
      kind: 'terminal' as const,
      blame: 'release' as const,
      title: 'the rollout failed',
      next: 'Push a fix.',
      detail: 'core-x: crash\n  twice',
    };
    const lines = renderStatus(ended(aRelease({ status: aStatus({ timings, failure }) }), 'rolled-back'), plain);
    expect(lines).toEqual(
      expect.arrayContaining(['  ✔  building      1.0 s', '  ✖  deploying     1.0 s', '  ✔  rolling-back  1.0 s']),
    );
    expect(lines).toEqual(
      expect.arrayContaining(['SLIP-K8S-1 the rollout failed', '  core-x: crash', '    twice', '  next: Push a fix.']),
    );
    expect(lines.join('\n')).not.toContain('done');
  });

  it.each(['promoted', 'halted'])('never shows an end that is not known to be well as one: %s', (outcome) => {
    const timings = [{ stage: 'rolling-back' as const, startedAt: noon, endedAt: noon + 1_000 }];
    const lines = renderStatus(ended(aRelease({ status: aStatus({ timings }) }), outcome), plain);
    expect(lines.join('\n')).toContain(`✖ ${outcome}`);
    expect(lines).toContain('  ✖  rolling-back  1.0 s');
  });

  it('marks nothing as failed in a rollback that a person has ordered', () => {
    const timings = [
      { stage: 'awaiting-lane' as const, startedAt: noon, endedAt: noon + 1_000 },
      { stage: 'rolling-back' as const, startedAt: noon + 1_000, endedAt: noon + 2_000 },
    ];
    const lines = renderStatus(ended(aRelease({ status: aStatus({ timings }) }), 'rolled-back'), plain);
    expect(lines).toEqual(expect.arrayContaining(['  ✔  awaiting-lane  1.0 s', '  ✔  rolling-back   1.0 s']));
  });

  it('says first what failed, in its own words and whole, then who has decided what and why, then what can be done', () => {
    const words = `core-7f9c: panic: cannot reach ${'the database '.repeat(12)}at last`;
    const failure = {
      code: 'SLIP-K8S-2',
      kind: 'terminal' as const,
      blame: 'release' as const,
      title: 'pods crash',
      next: 'Push a fix.',
      detail: words,
    };
    const checks = [
      { name: 'image scan', verdict: 'pass' as const, summary: 'nothing' },
      { name: 'nl: core', verdict: 'fail' as const, summary: 'answered 503' },
    ];
    const waitingFor = { what: 'a decision', who: 'ada', decisions: ['roll-back' as const] };
    const decisions = [
      { kind: 'approve' as const, by: 'kim', at: noon, channel: 'cli', reason: 'looks good' },
      { kind: 'abort' as const, by: 'lee', at: noon, channel: 'cli', reason: '', refused: 'it has changed something' },
    ];
    const view = aRelease({
      releaseId: id,
      status: aStatus({ stage: 'held', failure, checks, waitingFor }),
      recorded: { approvals: [], changed: [], decisions },
    });
    const lines = renderStatus(view, { ...plain, width: 80 });
    const at = (text: string) => lines.findIndex((line) => line.startsWith(text));
    const order = ['● ', 'SLIP-K8S-2', 'Decided', 'Waits', 'Regions', 'Stages', 'Checks', 'Log'];
    expect(order.map(at)).toEqual([...order.map(at)].sort((a, b) => a - b));
    expect(order.map(at)).not.toContain(-1);
    expect(lines.join('\n').replaceAll(/\n +/g, ' ')).toContain(words);
    expect(lines).toContain('  2026-03-01 12:00 approve by kim: looks good');
    expect(lines).toContain('  2026-03-01 12:00 abort by lee (not taken: it has changed something)');
    expect(lines.filter((line) => columnsOf(line) > 80 && !line.includes(id))).toEqual([]);
    expect(lines[at('Checks') + 1]).toContain('✖ fail');
  });

  it.each([20, 40, 60, 80])('fits into %i columns', (width) => {
    const release = aRelease();
    const lines = renderStatus(release, { ...plain, colors: pc.createColors(true), width });
    for (const line of lines.filter((one) => !one.includes(release.releaseId)))
      expect(columnsOf(line)).toBeLessThanOrEqual(width);
  });

  it('says of a run that nobody knows that it has not begun, or its history is gone, and not that it has ended', () => {
    const { status: _, ...asked } = aRelease({
      open: false,
      unknown: 'not-begun',
      why: ['It has not begun', 'Next: begin it'],
    });
    const lines = renderStatus(asked, plain);
    expect(lines).toContain('? it has not begun, or its history is gone');
    expect(lines.slice(-2)).toEqual(['  It has not begun', '  Next: begin it']);
    expect(renderWhy(asked, plain)[0]).toMatch(/it has not begun, or its history is gone$/);
    expect(() => exitCodeOf(asked)).toThrow('it has not begun, or its history is gone');
  });

  it('lists regions one under the other where the table would not fit', () => {
    expect(renderStatus(aRelease(), { ...plain, width: 30 })).toEqual(
      expect.arrayContaining(['  eu-west ● deploying', '    core ● deploying']),
    );
  });

  it('is the same with and without colours, but for the colours', () => {
    const colored = renderStatus(aRelease({ releaseId: id }), { ...plain, colors: pc.createColors(true) });
    expect(colored.map(safeText)).toEqual(renderStatus(aRelease({ releaseId: id }), plain));
    expect(colored.join('')).toContain('\u001b[');
  });
});

describe('layout', () => {
  it.each([
    ['a short line', 20, ['a short line']],
    ['  one that is too long', 20, ['  one that is too', '      long']],
    ['averyveryverylongword', 14, ['averyveryveryl', '    ongword']],
    ['  x averyveryverylongword y', 18, ['  x', '      averyveryver', '      ylongword y']],
    ['  no room for anything', 10, ['no room', 'for', 'anything']],
  ])('folds %j to %i columns', (text, columns, lines) => expect(foldedTo(text, columns)).toEqual(lines));

  it.each([
    ['between words', 'one two three four', ['one two three', '    four']],
    ['never within a command', '  next: slipway lane tell', ['  next: slipway lane tell']],
    [
      'before a command',
      'All of it can be had: slipway plan x',
      ['All of it can', '    be had:', '    slipway plan x'],
    ],
    ['never within a name', 'of release/shop/production/1', ['of release/shop/production/1']],
    ['by lines', 'one\ntwo', ['one', 'two']],
  ])('is folded for people %s: %j', (_how, text, lines) => {
    expect(foldedToRead(text, 15)).toEqual(lines);
  });

  it('is indented as what begins with a colour', () => {
    expect(foldedToRead('\u001b[31m  one two three four', 18)).toEqual(['  \u001b[31mone two three', '      four']);
  });

  it('goes on below the last column where there is room', () => {
    const line = `nl  verified  ${'word '.repeat(12)}`.trimEnd();
    expect(foldedToRead(line, 50)).toEqual([
      `nl  verified  ${'word '.repeat(7)}`.trimEnd(),
      `              ${'word '.repeat(5)}`.trimEnd(),
    ]);
  });

  it.each([
    ['𠮷', 2],
    ['각', 2],
    ['e\u0301', 1],
    ['한'.normalize('NFD'), 2],
  ])('measures %j as a terminal does', (text, columns) => expect(columnsOf(text)).toBe(columns));

  it.each([
    ['short', 10, 'short'],
    ['exactly ten', 11, 'exactly ten'],
    ['too long for it', 8, 'too lon…'],
    ['日本語テキスト', 7, '日本語…'],
    ['\u001b[31mred text\u001b[39m', 5, '\u001b[31mred …\u001b[0m'],
  ])('cuts %j to %i columns', (text, columns, cut) => expect(fit(text, columns)).toBe(cut));

  it('aligns wide characters and colours by what is seen', () => {
    expect(
      table([
        ['日本', 'x'],
        ['\u001b[31mabcdef\u001b[39m', 'y'],
      ]).map(columnsOf),
    ).toEqual([9, 9]);
  });
});

describe('words', () => {
  it.each([
    [0, '0.0 s'],
    [-5, '0.0 s'],
    [9_940, '9.9 s'],
    [9_960, '10 s'],
    [59_600, '1 min 00 s'],
    [75_000, '1 min 15 s'],
    [3_600_000, '1 h 00 min'],
    [200_000_000, '2 days 7 h'],
  ])('%i ms is %s', (ms, text) => expect(duration(ms)).toBe(text));

  it.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['2h', 7_200_000],
    ['30', undefined],
    ['-1s', undefined],
    ['1d', undefined],
  ])('--timeout %s is %s ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it('says how long ago a deadline was', () => {
    expect(deadline(noon, noon + 65_000, 'UTC')).toBe('until 2026-03-01 12:00 (1 min 05 s ago)');
  });
});
