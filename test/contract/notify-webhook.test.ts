import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
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

describe('a signed webhook', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await aReceiver();
  });
  afterEach(() => receiver.close());

  const signedTo = (by: string) => {
    const { url } = receiver;
    const host = URL.parse(url)!.hostname;
    return createWebhookNotifier({ addressNow: async () => ({ url, host, secret: by }), now: () => 1_700_000_000_900 });
  };

  it('is a CloudEvent, whose signature its receiver can check by the header and the body alone', async () => {
    const notification = aNotification();
    await signedTo(secret).notify(notification);
    const [{ headers, body, text }] = receiver.received as [Receiver['received'][number]];
    expect(headers).toMatchObject({
      'content-type': 'application/cloudevents+json',
      'webhook-timestamp': '1700000000',
      'idempotency-key': encodeURIComponent(notification.key),
    });
    const id = headers['webhook-id'] as string;
    const mac = createHmac('sha256', Buffer.alloc(32, 7)).update(`${id}.1700000000.${text}`).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${mac}`);
    expect(body).toEqual({
      specversion: '1.0',
      id: notification.key,
      source: '/slipway/shop/production',
      type: 'slipway.notice.ended-well',
      subject: notification.run,
      datacontenttype: 'application/json',
      data: notification,
    });
  });

  it('has the same id when it is sent again, and another for another message', async () => {
    receiver.answers.push(503);
    const [one, other] = [aNotification(), aNotification()];
    const notifier = signedTo(secret);
    await expect(notifier.notify(one)).rejects.toThrow('SLIP-NTF-1');
    await notifier.notify(one);
    await notifier.notify(other);
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect([ids[0] === ids[1], ids[1] === ids[2]]).toEqual([true, false]);
    for (const id of ids) expect(id).toMatch(/^msg_[0-9a-f]{32}$/);
  });

  it.each(['very-secret', 'whsec_c2hvcnQ=', `whsec_${'!'.repeat(40)}`, `whsec_${Buffer.alloc(65).toString('base64')}`])(
    'is not sent with a secret of another form, which is not shown: %s',
    async (by) => {
      const error: unknown = await signedTo(by)
        .notify(aNotification())
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({ details: { code: 'SLIP-NTF-3', kind: 'terminal' } });
      expect(JSON.stringify(error)).not.toContain(by);
      expect(receiver.received).toEqual([]);
    },
  );
});

describe('words of strangers in a webhook', () => {
  const title = `<b>\u202e<!channel> @everyone\u0007\r\nx-evil: 1\n${'x'.repeat(10_000)}`;
  const notification = aNotification({ title, facts: { why: `\u001b[31m"}],"key":"another"\n${'y'.repeat(10_000)}` } });

  it.each<[string, string | undefined]>([
    ['as it is', undefined],
    ['signed', `whsec_${Buffer.alloc(32, 7).toString('base64')}`],
  ])(
    'are data, whole and as they were said, in one document without a sign that is obeyed: %s',
    async (_how, secret) => {
      const receiver = await aReceiver();
      const host = URL.parse(receiver.url)!.hostname;
      const to = { url: receiver.url, host, ...(secret !== undefined && { secret }) };
      await createWebhookNotifier({ addressNow: async () => to }).notify(notification);
      await receiver.close();
      const [{ text, headers, body }] = receiver.received as [Receiver['received'][number]];
      // eslint-disable-next-line no-control-regex
      expect(text).not.toMatch(/[\u0000-\u001f]/);
      const {
        key,
        title: told,
        facts,
      } = secret === undefined ? (body as typeof notification) : (body as { data: typeof notification }).data;
      expect({ key, title: told, facts }).toEqual({ key: notification.key, title, facts: notification.facts });
      expect(headers['idempotency-key']).toBe(encodeURIComponent(notification.key));
      expect(headers).not.toHaveProperty('x-evil');
    },
  );
});

describe('a webhook that asks to be left alone for a while', () => {
  it.each([
    ['120', 120_000],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    ['-1', undefined],
  ])('has that with its failure, where it is a number of seconds: %s', async (header, retryAfterMs) => {
    const receiver = await aReceiver({ 'retry-after': header });
    receiver.answers.push(429);
    const error: unknown = await webhookTo(receiver.url)
      .notify(aNotification())
      .catch((reason: unknown) => reason);
    await receiver.close();
    expect((error as { details: { retryAfterMs?: number } }).details.retryAfterMs).toBe(retryAfterMs);
  });
});
