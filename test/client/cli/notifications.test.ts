import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { examples } from '../../../client/gateway/openapi/examples.ts';
import type { NotificationView } from '../../../domain/contract/outbox.ts';
import { noon } from './builders.ts';
import { startFakeGateway, type FakeGateway } from './fake-gateway.ts';
import { slipway } from './terminal.ts';

const { notification: dead, releaseId } = examples;
const { why: _why, ...untold } = dead;
const waiting: NotificationView = {
  ...untold,
  ...{ id: 4712, target: 'on-call', state: 'waiting', tries: 3, nextAt: noon + 620_000 },
  why: 'SLIP-NTF-1 the notification was not accepted: events.pagerduty.com answered 429',
};

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.close());

const lists = (...notifications: NotificationView[]) =>
  gateway.on('GET /v1/notifications', { body: { notifications } });

describe('slipway notifications', () => {
  it('says to whom, about what, of which run, how often it was tried, why it was not taken, and when it is tried next', async () => {
    lists(waiting, dead);
    const { exitCode, stdout } = await slipway(['notifications'], gateway.url);
    expect(exitCode).toBe(0);
    const [first, run, tried] = stdout.split('\n');
    expect(first).toMatch(/^4712 {2}● waiting {2}on-call, .* ago: shop → production: approval wanted$/);
    expect(run).toBe(`    ${releaseId}`);
    expect(tried).toMatch(/^ {4}tried 3 times; next in \d+ min: SLIP-NTF-1 .* answered 429$/);
  });

  it('says of each target that has dead ones what is to be mended, and the command that follows', async () => {
    lists(dead, { ...dead, id: 4700 }, { ...dead, id: 4600, target: 'mails', why: 'something else' }, waiting);
    const { stdout } = await slipway(['notifications'], gateway.url);
    expect(stdout).toContain(
      'shop-channel: 2 messages dead. Check the address of the target, its key, and what it accepts',
    );
    expect(stdout).toContain('\n    slipway notifications again 4711 4700\n');
    expect(stdout).toContain('mails: 1 message dead. Look at `notify` in the policy. Then:');
    expect(stdout).not.toContain('on-call: ');
  });

  it('says so where there are none', async () => {
    lists();
    expect((await slipway(['notifications'], gateway.url)).stdout).toBe(
      'Nothing waits to be sent, and nothing was given up.\n',
    );
    expect((await slipway(['notifications', '--all'], gateway.url)).stdout).toBe(
      'Nobody was to be told anything yet.\n',
    );
  });

  it('asks for as many as are wanted, and says that there are older ones', async () => {
    let asked = '';
    gateway.on('GET /v1/notifications', ({ path }) => {
      asked = path;
      return { body: { notifications: [dead], more: true } };
    });
    const { stderr } = await slipway(['notifications', '--all', '--limit', '1'], gateway.url);
    expect(asked).toBe('/v1/notifications?limit=1&all=true');
    expect(stderr).toContain('there are older ones: --limit 200 shows more');
  });

  it('shows what strangers have written as it is spelled', async () => {
    lists({ ...dead, title: 'a\u202eb\u001b[31m\nc', target: 't\u2066', why: 'x\u0000y\u2028z' });
    const { stdout } = await slipway(['notifications'], gateway.url);
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000\u001b\u2028\u202e\u2066]/);
    expect(stdout).toMatch(/^4711 /);
    expect(stdout.split('\n')).toHaveLength(7);
  });

  it.each([
    [['notifications', '--limit', '0'], 'is not a count'],
    [['notifications', '--limit', '201'], 'is not a count'],
    [['notifications', 'again', 'all'], '"all" is not the number of a notification'],
    [['notifications', 'again'], '<id> is missing'],
  ])('asks nobody for %j', async (command, says) => {
    const { exitCode, stderr } = await slipway(command, gateway.url);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
  });
});

describe('slipway notifications again', () => {
  it('has each tried again once, in the order in which they are named', async () => {
    const asked: string[] = [];
    for (const id of [4711, 4700])
      gateway.on(`POST /v1/notifications/${id}/again`, ({ path }) => {
        asked.push(path);
        return { body: { ...untold, id, state: 'waiting', tries: 0 } };
      });
    const { exitCode, stdout, stderr } = await slipway(['notifications', 'again', '4711', '4700', '4711'], gateway.url);
    expect([exitCode, stdout]).toEqual([
      0,
      '4711 goes out again to shop-channel\n4700 goes out again to shop-channel\n',
    ]);
    expect(asked).toEqual(['/v1/notifications/4711/again', '/v1/notifications/4700/again']);
    expect(stderr).toBe('whether they are taken: slipway notifications\n');
  });

  it('says which went out before one that is refused', async () => {
    gateway.on('POST /v1/notifications/4711/again', { body: { ...untold, state: 'waiting' } });
    const error = { code: 'conflict', message: 'notification 4700 was delivered', next: 'Look.' };
    gateway.on('POST /v1/notifications/4700/again', { status: 409, body: { error } });
    const { exitCode, stdout, stderr } = await slipway(['notifications', 'again', '4711', '4700'], gateway.url);
    expect([exitCode, stdout]).toEqual([3, '4711 goes out again to shop-channel\n']);
    expect(stderr).toContain('notification 4700 was delivered');
  });
});
