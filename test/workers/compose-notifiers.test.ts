import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NotifyPolicy } from '../../pipeline/index.ts';
import { createNotifiers, nameInPolicy } from '../../workers/compose-notifiers.ts';
import { aReceiver, type Receiver } from '../contract/notify-receiver.ts';
import { aNotification } from '../contract/notify.suite.ts';

const nothing = () => Promise.reject(new Error('no release is asked for'));

describe('a webhook of the policy', () => {
  let receiver: Receiver;
  let directory: string;
  beforeEach(async () => {
    receiver = await aReceiver();
    directory = await mkdtemp(join(tmpdir(), 'slipway-notifiers-'));
  });
  afterEach(async () => {
    await receiver.close();
    await rm(directory, { recursive: true });
  });

  const notifierFor = (target: NotifyPolicy) =>
    createNotifiers(async () => ({ log: { kind: 'log' }, chat: target }), { releaseOf: nothing })('chat');
  const inside = '127.0.0.1';

  it('may be named by its URL', async () => {
    const notification = aNotification();
    await notifierFor({ kind: 'webhook', url: receiver.url }).notify(notification);
    const { run: _run, ...told } = notification;
    expect(receiver.received.map(({ body }) => body)).toEqual([told]);
  });

  it('may be named by a reference, read anew for each message', async () => {
    const file = join(directory, 'url');
    const url = `file:${file}`;
    await writeFile(file, 'http://127.0.0.1:1/gone');
    await expect(notifierFor({ kind: 'webhook', url, host: inside }).notify(aNotification())).rejects.toThrow(
      /SLIP-NTF-1/,
    );
    await writeFile(file, `${receiver.url}\n`);
    await notifierFor({ kind: 'webhook', url, host: inside }).notify(aNotification());
    expect(receiver.received).toHaveLength(1);
  });

  it('gets a message once, however often it is sent by this process', async () => {
    const notification = aNotification();
    const notifiers = createNotifiers(async () => ({ chat: { kind: 'webhook', url: receiver.url } }), {
      releaseOf: nothing,
    });
    for (let n = 0; n < 2; n++) await notifiers('chat').notify(notification);
    expect(receiver.received).toHaveLength(1);
  });

  it.each(['chat', 'toString'])(
    'gets nothing under a name that the policy has not, whatever the records say: %s',
    async (name) => {
      const notifiers = createNotifiers(async () => ({ other: { kind: 'webhook', url: receiver.url } }), {
        releaseOf: nothing,
      });
      await expect(notifiers(name).notify(aNotification())).rejects.toThrow(
        /SLIP-NTF-4.*the policy has no such target/,
      );
      expect(receiver.received).toEqual([]);
    },
  );

  it('is where the policy says at that moment, by its name', async () => {
    let targets: Record<string, NotifyPolicy> = {
      chat: { kind: 'webhook', url: 'http://127.0.0.1:1/gone', host: inside },
    };
    const notifiers = createNotifiers(async () => targets, { releaseOf: nothing });
    await expect(notifiers('chat').notify(aNotification())).rejects.toThrow(/SLIP-NTF-1/);
    targets = { chat: { kind: 'webhook', url: receiver.url, host: inside } };
    await notifiers('chat').notify(aNotification());
    expect(receiver.received).toHaveLength(1);
  });

  it('may be inside by a reference only where the policy names the host', async () => {
    const file = join(directory, 'url');
    await writeFile(file, receiver.url);
    const target = { kind: 'webhook' as const, url: `file:${file}` };
    await expect(notifierFor(target).notify(aNotification())).rejects.toThrow(/SLIP-NTF-4/);
    await notifierFor({ ...target, host: inside }).notify(aNotification());
    expect(receiver.received).toHaveLength(1);
  });
});

describe('a target that was on record before targets had names', () => {
  const targets = async (): Promise<Record<string, NotifyPolicy>> => ({
    log: { kind: 'log' },
    other: { kind: 'webhook', url: 'env:OTHER' },
    chat: { kind: 'webhook', url: 'env:CHAT' },
  });

  it('has the name that the policy has for it now, and none where the policy has it no more', async () => {
    expect(await nameInPolicy(targets, { kind: 'webhook', url: 'env:CHAT' })).toBe('chat');
    expect(await nameInPolicy(targets, { kind: 'log' })).toBe('log');
    expect(await nameInPolicy(targets, { kind: 'webhook', url: 'https://elsewhere.example/' })).toBeUndefined();
  });
});
