import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPagerDutyNotifier } from '../../activities/notify/pagerduty-notifier.ts';
import type { Notification } from '../../activities/notify/port.ts';
import { resolveSecret } from '../../activities/shared/secrets.ts';
import { aPagerDuty, type PagerDuty } from './pagerduty-receiver.ts';
import { aNotification, describeNotifier } from './notify.suite.ts';

const routingKey = '0123456789abcdef0123456789abcdef';

function pagerDutyAt(url: string) {
  return createPagerDutyNotifier({ addressNow: async () => ({ routingKey, url }) });
}

describeNotifier('PagerDuty', async () => {
  const pagerDuty = await aPagerDuty(routingKey);
  return {
    notifier: pagerDutyAt(pagerDuty.url),
    seen: () => pagerDuty.changes,
    tearDown: () => pagerDuty.close(),
  };
});

const run = 'release/shop/production/abc/1';
const aProblem = (changes: Partial<Notification> = {}) =>
  aNotification({ run, event: 'failed', level: 'problem', title: 'shop → production: it failed', ...changes });
const anEnd = (outcome: string, changes: Partial<Notification> = {}) => {
  const isWell = outcome === 'verified';
  return aNotification({
    run,
    event: isWell ? 'ended-well' : 'ended-otherwise',
    level: isWell ? 'info' : 'attention',
    title: `it ended ${outcome}`,
    facts: { outcome },
    ...changes,
  });
};

describe('an alert of PagerDuty', () => {
  let pagerDuty: PagerDuty;
  beforeEach(async () => {
    pagerDuty = await aPagerDuty(routingKey);
  });
  afterEach(() => pagerDuty.close());

  it('is one for each service and environment, however many problems there are', async () => {
    const notifier = pagerDutyAt(pagerDuty.url);
    const other = 'release/shop/staging/abc/1';
    for (const one of [aProblem(), aProblem({ event: 'held' }), aProblem({ run: other })]) await notifier.notify(one);
    expect([...pagerDuty.open.keys()]).toEqual(['slipway/shop/production', 'slipway/shop/staging']);
    expect(pagerDuty.open.get('slipway/shop/production')).toMatchObject({
      summary: 'shop → production: it failed',
      source: 'shop/production',
      severity: 'error',
      component: 'shop',
      group: 'production',
      custom_details: { run, region: 'eu' },
    });
  });

  it('links to the page of its run, where the gateway has pages', async () => {
    const pages = 'https://slipway.example';
    const notifier = createPagerDutyNotifier({ addressNow: async () => ({ routingKey, url: pagerDuty.url, pages }) });
    await notifier.notify(aProblem());
    const link = { href: `${pages}/runs/${run}`, text: 'The page of the run' };
    expect(pagerDuty.links).toEqual([[link]]);
    await notifier.notify(anEnd('verified'));
    expect(pagerDuty.links).toEqual([[link], [link]]);
  });

  it.each([
    ['verified', []],
    ['rolled-back', []],
    ['rejected', ['slipway/shop/production']],
    ['superseded', ['slipway/shop/production']],
  ])('is closed by what mends the lane, whichever run that is: %s', async (outcome, open) => {
    const notifier = pagerDutyAt(pagerDuty.url);
    await notifier.notify(aProblem());
    await notifier.notify(anEnd(outcome, { run: 'release/shop/production/later/1' }));
    expect([...pagerDuty.open.keys()]).toEqual(open);
    expect(pagerDuty.changes).toEqual(outcome === 'verified' ? ['it ended verified'] : []);
  });

  it('is the same when it is sent again because a reply was lost', async () => {
    const notifier = pagerDutyAt(pagerDuty.url);
    pagerDuty.answers.push('cut');
    await expect(notifier.notify(aProblem({ key: 'one' }))).rejects.toThrow('SLIP-NTF-1');
    await notifier.notify(aProblem({ key: 'one' }));
    expect(pagerDuty.open.size).toBe(1);
    // Of two requests the second is lost.
    pagerDuty.answers.push(202, 'cut');
    await expect(notifier.notify(anEnd('verified', { key: 'two' }))).rejects.toThrow('SLIP-NTF-1');
    await notifier.notify(anEnd('verified', { key: 'two' }));
    expect(pagerDuty.open.size).toBe(0);
  });

  it('is not asked for where there is nothing to do, and no key is needed for that', async () => {
    const notifier = createPagerDutyNotifier({ addressNow: () => Promise.reject(new Error('no key')) });
    await notifier.notify(anEnd('expired'));
    await notifier.notify(aNotification({ event: 'approval', level: 'attention' }));
  });

  it.each([
    [400, 'SLIP-NTF-2'],
    [429, 'SLIP-NTF-1'],
    [500, 'SLIP-NTF-1'],
    [503, 'SLIP-NTF-1'],
  ])('answered with %d is %s', async (status, code) => {
    pagerDuty.answers.push(status);
    await expect(pagerDutyAt(pagerDuty.url).notify(aProblem())).rejects.toMatchObject({ details: { code } });
  });

  it('refused for its key is terminal, and shows no key', async () => {
    const wrong = 'f'.repeat(32);
    const notifier = createPagerDutyNotifier({ addressNow: async () => ({ routingKey: wrong, url: pagerDuty.url }) });
    const error: unknown = await notifier.notify(aProblem()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ details: { code: 'SLIP-NTF-2', kind: 'terminal' } });
    expect(JSON.stringify(error)).not.toContain(wrong);
  });

  it('names the reference of a key that is not there', async () => {
    const notifier = createPagerDutyNotifier({
      addressNow: async () => ({ routingKey: await resolveSecret('env:SLIPWAY_TEST_NO_SUCH_VARIABLE') }),
    });
    await expect(notifier.notify(aProblem())).rejects.toThrow(/SLIP-NTF-3.*env:SLIPWAY_TEST_NO_SUCH_VARIABLE/);
  });

  it('has words of strangers on one line, with nothing that cannot be seen, and as much of them as it takes', async () => {
    const title = `<b>\u202e<!channel> @everyone\u0007\n${'x'.repeat(10_000)}`;
    await pagerDutyAt(pagerDuty.url).notify(aProblem({ title, facts: { summary: `\u001b[31m${'y'.repeat(10_000)}` } }));
    const { summary, custom_details: details } = pagerDuty.open.get('slipway/shop/production')!;
    expect(summary).toHaveLength(1_024);
    expect(summary.startsWith('<b>\\u{202e}<!channel> @everyone\\u{7}\\nxxx')).toBe(true);
    expect(details['summary']).toHaveLength(2_000);
    expect(details['summary']?.startsWith('\\u{1b}[31myyy')).toBe(true);
  });
});
