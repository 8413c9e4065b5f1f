import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createWebhookNotifier } from '../../activities/notify/webhook-notifier.ts';
import { resolveSecret } from '../../activities/shared/secrets.ts';
import { aReceiver, type Receiver } from './notify-receiver.ts';
import { aNotification, describeNotifier } from './notify.suite.ts';

function webhookTo(url: string) {
  // The policy names it: the receivers of these tests are on this machine.
  return createWebhookNotifier({ addressNow: async () => ({ url, host: URL.parse(url)?.hostname ?? '' }) });
}

describeNotifier('webhook', async () => {
  const receiver = await aReceiver();
  return {
    notifier: webhookTo(receiver.url),
    seen: () => receiver.received.map(({ body }) => (body as { title: string }).title),
    tearDown: () => receiver.close(),
  };
});

describe('the webhook notifier', () => {
  let receiver: Receiver;
  let other: Receiver;
  beforeEach(async () => {
    other = await aReceiver();
    receiver = await aReceiver({ location: other.url });
  });
  afterEach(() => Promise.all([receiver.close(), other.close()]));

  it('sends the same key again when the message arrived but the reply was lost, so that the receiver can tell', async () => {
    receiver.answers.push('cut');
    const notification = aNotification();
    const notifier = webhookTo(receiver.url);
    await expect(notifier.notify(notification)).rejects.toMatchObject({ details: { code: 'SLIP-NTF-1' } });
    await notifier.notify(notification);
    const keys = receiver.received.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual([encodeURIComponent(notification.key), encodeURIComponent(notification.key)]);
    const { run: _run, ...told } = notification;
    expect(receiver.received[1]?.body).toEqual(told);
  });

  it.each([500, 503, 408, 429])('says that %d is worth repeating', async (status) => {
    receiver.answers.push(status);
    await expect(webhookTo(receiver.url).notify(aNotification())).rejects.toMatchObject({
      details: { code: 'SLIP-NTF-1', kind: 'retryable' },
    });
  });

  it.each([400, 401, 404, 410])('says that %d will not get better', async (status) => {
    receiver.answers.push(status);
    await expect(webhookTo(receiver.url).notify(aNotification())).rejects.toMatchObject({
      details: { code: 'SLIP-NTF-2', kind: 'terminal' },
    });
  });

  it.each([301, 302, 307, 308])('does not follow a redirect (%d) to another host', async (status) => {
    receiver.answers.push(status);
    await expect(webhookTo(receiver.url).notify(aNotification())).rejects.toMatchObject({
      details: { code: 'SLIP-NTF-2' },
    });
    expect(other.received).toEqual([]);
  });

  it('says in a retryable failure, without the path, that nobody answers', async () => {
    const url = receiver.url;
    await receiver.close();
    const error: unknown = await webhookTo(url)
      .notify(aNotification())
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ details: { code: 'SLIP-NTF-1', detail: expect.stringContaining('ECONNREFUSED') } });
    expect(JSON.stringify(error)).not.toContain('very-secret');
    receiver = await aReceiver();
  });

  it.each(['not a url very-secret', 'ftp://host/very-secret', 'http://user:very-secret@host/'])(
    'refuses a secret that is no usable URL without showing it',
    async (text) => {
      const error: unknown = await webhookTo(text)
        .notify(aNotification())
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({ details: { code: 'SLIP-NTF-3', kind: 'terminal' } });
      expect(JSON.stringify(error)).not.toContain('very-secret');
    },
  );

  it('names the reference of a secret that is not there', async () => {
    const notifier = createWebhookNotifier({
      addressNow: async () => ({ url: await resolveSecret('env:SLIPWAY_TEST_NO_SUCH_VARIABLE') }),
    });
    await expect(notifier.notify(aNotification())).rejects.toThrow(/SLIP-NTF-3.*env:SLIPWAY_TEST_NO_SUCH_VARIABLE/);
  });
});
