import { describe, expect, it } from '@jest/globals';
import { drawPlan } from '../../../client/slack/details.ts';
import { drawRun } from '../../../client/slack/message.ts';
import { moment, plain } from '../../../client/slack/words.ts';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { aHash, aPlan, aPlannedComponent, aPlannedMigration } from '../../domain/builders.ts';
import { failureDetails } from '../../../domain/errors/catalogue.ts';
import { aStatus } from '../cli/builders.ts';

const hostile = '<!channel> <https://evil.test|here> & <@U1>\n*x*\u0000\u202e';

function aView(changes: Partial<ReleaseView> = {}): ReleaseView {
  return {
    releaseId: 'release/shop/production/a/1',
    number: 142,
    service: 'shop',
    environment: 'production',
    commit: 'a'.repeat(40),
    branch: 'main',
    attempt: 1,
    requestedBy: 'dana',
    startedAt: 60_000,
    open: true,
    why: [],
    recorded: { planHash: aHash(), approvals: [], changed: [], decisions: [] },
    ...changes,
  };
}

const held = () =>
  aStatus({
    stage: 'held',
    doing: 'held',
    waitingFor: { what: 'a decision', who: 'on-call', decisions: ['roll-back', 'accept-failure', 'retry'] },
  });

const textOf = (message: unknown) => JSON.stringify(message);

describe('text of strangers', () => {
  it('is on one line, and neither a mention nor a link nor a control character', () => {
    expect(plain(hostile)).toBe('&lt;!channel&gt; &lt;https://evil.test|here&gt; &amp; &lt;@U1&gt; *x*');
  });

  it('is cut before it is escaped, so that no sign is cut in half', () => {
    expect(plain('&'.repeat(10_000), 10)).toBe(`${'&amp;'.repeat(9)}…`);
  });

  it('is nowhere in a message as it came', () => {
    const status = aStatus({ doing: hostile, waitingFor: { what: hostile, who: hostile } });
    const decisions = [{ kind: 'reject', by: hostile, at: 0, channel: 'slack', reason: hostile } as const];
    const drawn = drawRun({
      view: aView({
        branch: hostile,
        requestedBy: hostile,
        status,
        recorded: { approvals: [], changed: [], decisions },
      }),
    });
    const plan = drawPlan({
      hash: aHash(),
      plan: aPlan({ gates: [{ gate: 'scan', verdict: 'fail', summary: hostile }] }),
      looks: [{ what: hostile, why: hostile }],
      inventory: [],
      commits: { commits: [{ commit: 'a'.repeat(40), author: hostile, at: 0, subject: hostile }], more: false },
      repository: 'https://evil.test/<!here>|x',
    });
    for (const one of [drawn, plan]) {
      expect(textOf(one)).not.toMatch(/<!channel|<!here|<https|<@|\\u202e|\\u0000/);
    }
  });
});

it('says of a promoted image where it was verified', () => {
  const promoted = { environment: 'staging', releaseId: 'release/shop/staging/a/1' };
  const components = [
    aPlannedComponent('core', { origin: 'promoted', promoted }),
    aPlannedComponent('web', { origin: 'promoted', promoted: { ...promoted, environment: hostile } }),
  ];
  const drawn = textOf(drawPlan({ hash: aHash(), plan: aPlan({ components }), looks: [], inventory: [] }));
  expect(drawn).toContain('core: nothing verified yet → `111111111111` (promoted from staging)');
  expect(drawn).not.toMatch(/<!channel|<https|<@/);
});

describe('the page of a run', () => {
  const at = 'http://127.0.0.1:7777/runs/release/shop/production/a/1';

  it('is linked in its message, where the gateway has pages', () => {
    expect(textOf(drawRun({ view: aView({ pageUrl: at }) }))).toContain(`<${at}|Its page>`);
    expect(textOf(drawRun({ view: aView() }))).not.toContain('Its page');
  });

  it.each(['|<!channel>', '> <https://evil.test', '&', ' '])('is linked nowhere else: %j', (more) => {
    expect(textOf(drawRun({ view: aView({ pageUrl: at + more }) }))).not.toContain('Its page');
  });
});

/** What strangers write, in each place of a message that shows it. */
const shownIn: [string, (text: string) => unknown][] = [
  ['the branch', (branch) => drawRun({ view: aView({ branch }) })],
  ['who has asked', (requestedBy) => drawRun({ view: aView({ requestedBy }) })],
  ['the service', (service) => drawRun({ view: aView({ service }) })],
  ['the commit', (commit) => drawRun({ view: aView({ commit }) })],
  ['the summary of the end', (summary) => drawRun({ view: aView({ open: false, outcome: 'failed', summary }) })],
  ['the outcome', (outcome) => drawRun({ view: aView({ open: false, outcome }) })],
  ['what is done now', (doing) => drawRun({ view: aView({ status: aStatus({ doing }) }) })],
  ['what is waited for', (what) => drawRun({ view: aView({ status: aStatus({ waitingFor: { what, who: 'x' } }) }) })],
  ['who is waited for', (who) => drawRun({ view: aView({ status: aStatus({ waitingFor: { what: 'x', who } }) }) })],
  [
    'a failure',
    (detail) => drawRun({ view: aView({ status: aStatus({ failure: { ...aFailure(), title: detail, detail } }) }) }),
  ],
  [
    'a step that fails',
    (step) =>
      drawRun({
        view: aView({
          status: aStatus({ failing: [{ step, failure: { ...aFailure(), title: step }, since: 0, triedAgainAt: 0 }] }),
        }),
      }),
  ],
  [
    'a note of a region',
    (note) =>
      drawRun({
        view: aView({ status: aStatus({ regions: [{ region: note, phase: 'failed', note, components: [] }] }) }),
      }),
  ],
  [
    'a reason, and who gave it',
    (reason) =>
      drawRun({
        view: aView({
          recorded: {
            approvals: [],
            changed: [],
            decisions: [{ kind: 'reject', by: reason, at: 0, channel: 'slack', reason }],
          },
        }),
      }),
  ],
  ['what a rollback would do', (line) => drawRun({ view: aView({ status: held() }), wayBack: [line] })],
  [
    'the subject and author of a commit',
    (text) =>
      drawPlan({
        ...aPlanned(),
        commits: { commits: [{ commit: 'a'.repeat(40), author: text, at: 0, subject: text }], more: false },
      }),
  ],
  [
    'what a gate has found',
    (summary) => drawPlan({ ...aPlanned(), plan: aPlan({ gates: [{ gate: summary, verdict: 'fail', summary }] }) }),
  ],
  ['what is to be looked at twice', (text) => drawPlan({ ...aPlanned(), looks: [{ what: text, why: text }] })],
  [
    'a migration',
    (name) =>
      drawPlan({
        ...aPlanned(),
        plan: aPlan({ migrations: [aPlannedMigration({ pending: [name], contracting: [name] })] }),
      }),
  ],
  ['the repository', (repository) => drawPlan({ ...aPlanned(), repository })],
];
const aPlanned = () => ({ hash: aHash(), plan: aPlan(), looks: [], inventory: [] });
const aFailure = () => failureDetails('SLIP-K8S-1', 'away');

/** Every text of Slack's own form in it, with what it is: of `plain_text` nothing is looked for. */
function textsOf(drawn: unknown): { type: string; text: string; verbatim?: boolean }[] {
  if (typeof drawn !== 'object' || drawn === null) return [];
  const one = drawn as { type?: unknown; text?: unknown };
  const own =
    typeof one.type === 'string' && typeof one.text === 'string' ? [drawn as { type: string; text: string }] : [];
  return [...own, ...Object.values(drawn).flatMap(textsOf)];
}

describe.each(shownIn)('what stands in %s', (_where, drawn) => {
  it.each([
    ['a mention of all', '<!channel> <!here> <!everyone> <@U1> <#C1>', /<!(?!date)|<@|<#/],
    ['HTML and a link', '<b>x</b><https://evil.test|click here>', /<b>|<https:\/\/evil/],
    ['control characters, and such that turn text around', 'a\u0000b\u001b[31m\u202ec\u200bd', /(?!\n)\p{C}/u],
    ['lines of its own', 'fine\n*kim approved it*\r\n\u2028more', /\n\*kim|\r|\u2028/],
  ])('is text and nothing else where it is %s', (_what, hostileText, never) => {
    const texts = textsOf(drawn(hostileText)).filter(({ type }) => type === 'mrkdwn');
    for (const { text } of texts) expect(text).not.toMatch(never);
  });

  it('is cut where it is a line of 10 kB', () => {
    for (const { text } of textsOf(drawn('x'.repeat(10_240)))) expect(text.length).toBeLessThanOrEqual(3_000);
    for (const { text } of textsOf(drawn('&'.repeat(10_240)))) expect(text.length).toBeLessThanOrEqual(3_000);
  });
});

it('wakes nobody by a mention that Slack would look for: what is posted says so', () => {
  const { text } = drawRun({ view: aView({ status: aStatus({ doing: '@everyone @channel @here' }) }) });
  expect(text).toContain('@everyone');
  for (const one of textsOf(drawRun({ view: aView({ branch: '@everyone' }) })).filter(({ type }) => type === 'mrkdwn'))
    expect(one).toMatchObject({ verbatim: true });
});

describe('the picture of a run', () => {
  it('keeps to the lengths that Slack takes, however much there is to say', () => {
    const long = 'x'.repeat(10_000);
    const regions = Array.from({ length: 200 }, (_, n) => ({
      region: `r${n}`,
      phase: 'failed' as const,
      note: long,
      components: [],
    }));
    const { blocks } = drawRun({
      view: aView({ service: long, summary: long, status: aStatus({ doing: long, regions }) }),
    });
    const texts = blocks.flatMap((block) =>
      'text' in block && block.text && typeof block.text === 'object' ? [block.text.text] : [],
    );
    expect(Math.max(...texts.map(({ length }) => length))).toBeLessThanOrEqual(3_000);
    expect(texts[0]!.length).toBeLessThanOrEqual(150);
  });

  it('shows who has decided, when, and after how long, in the place of buttons', () => {
    const status = aStatus({
      stage: 'deploying',
      timings: [{ stage: 'awaiting-approval', startedAt: 0, endedAt: 720_000 }],
    });
    const decisions = [{ kind: 'approve', by: 'kim', at: 720_000, channel: 'slack', reason: '' } as const];
    const drawn = textOf(drawRun({ view: aView({ status, recorded: { approvals: [], changed: [], decisions } }) }));
    expect(drawn).toContain(`kim approved it ${moment(720_000)}, after 12 min`);
    expect(drawn).not.toContain('slipway-approve');
  });

  it('asks before it rolls back, with what the schema says to that', () => {
    const wayBack = ['de goes back; the schema carries it, with 0002_add_index', 'fr stays: 0003_drop was applied'];
    const drawn = textOf(drawRun({ view: aView({ status: held() }), wayBack }));
    expect(drawn).toContain('the schema carries it, with 0002_add_index\\nfr stays: 0003_drop was applied');
    expect(drawn.match(/"action_id":"[\w-]+"/g)).toEqual(
      ['roll-back', 'retry', 'accept', 'hold', 'details'].map((id) => `"action_id":"slipway-${id}"`),
    );
  });

  it('has no buttons when the run is over, and says how it has ended', () => {
    const { text } = drawRun({ view: aView({ open: false, outcome: 'halted', summary: 'de failed' }) });
    expect(text).toBe('shop#142 → production: :x: halted: de failed');
  });
});

describe('what a plan changes', () => {
  it('has its commits with links to where they were asked for from, the digests and the verdict of migrations', () => {
    const drawn = textOf(
      drawPlan({
        hash: aHash(),
        plan: aPlan({ migrations: [aPlannedMigration({ pending: ['0003_drop'], contracting: ['0003_drop'] })] }),
        looks: [],
        inventory: [],
        commits: { commits: [{ commit: 'b'.repeat(40), author: 'dana', at: 0, subject: 'Faster' }], more: true },
        repository: 'https://git.test/acme/shop.git',
      }),
    );
    expect(drawn).toContain(`<https://git.test/acme/shop/commit/${'b'.repeat(40)}|bbbbbbbbbbbb> Faster (dana)`);
    expect(drawn).toContain('and older ones');
    expect(drawn).toContain('once applied, nothing goes back: 0003_drop');
  });
});
