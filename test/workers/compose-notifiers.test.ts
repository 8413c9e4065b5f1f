import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NotifyPolicy } from '../../pipeline/index.ts';
import { createNotifiers } from '../../workers/compose-notifiers.ts';
import { aReceiver, type Receiver } from '../contract/notify-receiver.ts';
import { aNotification } from '../contract/notify.suite.ts';

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

  const notifierFor = (target: NotifyPolicy & { kind: 'webhook' }) => {
    const { kind, url } = target;
    return createNotifiers(async () => [{ kind: 'log' }, target])([{ kind, url }]);
  };
  const inside = '127.0.0.1';

  it('may be named by its URL', async () => {
    const notification = aNotification();
    await notifierFor({ kind: 'webhook', url: receiver.url }).notify(notification);
    expect(receiver.received.map(({ body }) => body)).toEqual([notification]);
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

  it('gets a message once, however often the same target is asked', async () => {
    const notification = aNotification();
    const target = { kind: 'webhook' as const, url: receiver.url };
    const notifiers = createNotifiers(async () => [target]);
    for (let n = 0; n < 2; n++) await notifiers([target]).notify(notification);
    expect(receiver.received).toHaveLength(1);
  });

  it('gets nothing when the policy names another, whatever the records say', async () => {
    const notifiers = createNotifiers(async () => [{ kind: 'webhook', url: 'https://chat.example/' }]);
    const told = notifiers([{ kind: 'webhook', url: receiver.url }]).notify(aNotification());
    await expect(told).rejects.toThrow(/SLIP-NTF-4.*the policy has no such target/);
    expect(receiver.received).toEqual([]);
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
