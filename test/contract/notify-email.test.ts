import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createEmailNotifier } from '../../activities/notify/email-notifier.ts';
import { resolveSecret } from '../../activities/shared/secrets.ts';
import { aMailServer, type MailServer } from './mail-server.ts';
import { aNotification, describeNotifier } from './notify.suite.ts';

const people = { from: 'slipway@shop.example', to: ['sre@shop.example', 'shop@shop.example'] };
const mailTo = (smtp: string) => createEmailNotifier({ addressNow: async () => ({ smtp, ...people }) });

describeNotifier('e-mail', async () => {
  const server = await aMailServer();
  return {
    notifier: mailTo(server.url),
    seen: () => server.received.map(({ headers }) => headers.get('subject')!),
    tearDown: () => server.close(),
  };
});

describe('an e-mail', () => {
  let server: MailServer;
  beforeEach(async () => {
    server = await aMailServer();
  });
  afterEach(() => server.close());

  it('is plain text, from and to whom the policy names', async () => {
    await mailTo(server.url).notify(
      aNotification({ title: 'shop is verified', facts: { region: 'eu', next: 'nothing' } }),
    );
    const [{ from, to, headers, text }] = server.received as [MailServer['received'][number]];
    expect([from, to]).toEqual([people.from, people.to]);
    expect(headers.get('content-type')).toContain('text/plain');
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(text.trim()).toBe('shop is verified\n\nregion: eu\nnext: nothing');
  });

  it('is in one thread with all about the same run, and the same one when it is sent again', async () => {
    const [one, other] = [aNotification(), aNotification()];
    const later = aNotification({ run: one.run, key: `${one.run}/end` });
    for (const each of [one, later, other]) await mailTo(server.url).notify(each);
    await mailTo(server.url).notify(one);
    const of = (name: string) => server.received.map(({ headers }) => headers.get(name));
    const [threads, ids] = [of('references'), of('message-id')];
    expect(threads[0]).toBe(threads[1]);
    expect(threads[0]).not.toBe(threads[2]);
    expect(of('in-reply-to')).toEqual(threads);
    expect(ids[3]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^<[0-9a-f]{40}@shop\.example>$/);
  });

  it.each([
    [450, 'SLIP-NTF-1', 'retryable'],
    [421, 'SLIP-NTF-1', 'retryable'],
    [550, 'SLIP-NTF-2', 'terminal'],
    [554, 'SLIP-NTF-2', 'terminal'],
  ])('refused with %d is %s', async (status, code, kind) => {
    server.answers.push(status);
    await expect(mailTo(server.url).notify(aNotification())).rejects.toMatchObject({
      details: { code, kind, detail: expect.stringContaining(`answered ${status}`) },
    });
  });

  it('that one of its readers does not get is told as that', async () => {
    server.unknown.add('shop@shop.example');
    await expect(mailTo(server.url).notify(aNotification())).rejects.toThrow(/SLIP-NTF-2.*for all but 1/);
  });

  it('waits for a server that is away', async () => {
    const { url } = server;
    await server.close();
    await expect(mailTo(url).notify(aNotification())).rejects.toThrow(/SLIP-NTF-1.*does not answer/);
    server = await aMailServer();
  });

  it('is not sent where the password would go unencrypted', async () => {
    const url = server.url.replace('smtp://', 'smtp://slipway:very-secret@');
    const error: unknown = await mailTo(url)
      .notify(aNotification())
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ details: { code: 'SLIP-NTF-2' } });
    expect(JSON.stringify(error)).not.toContain('very-secret');
    expect(server.received).toEqual([]);
  });

  it.each(['not a url very-secret', 'http://very-secret/', 'smtp://host?proxy=very-secret'])(
    'needs a usable URL, which is not shown: %s',
    async (text) => {
      const error: unknown = await mailTo(text)
        .notify(aNotification())
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({ details: { code: 'SLIP-NTF-3', kind: 'terminal' } });
      expect(JSON.stringify(error)).not.toContain('very-secret');
    },
  );

  it('names the reference of a secret that is not there', async () => {
    const notifier = createEmailNotifier({
      addressNow: async () => ({ smtp: await resolveSecret('env:SLIPWAY_TEST_NO_SUCH_VARIABLE'), ...people }),
    });
    await expect(notifier.notify(aNotification())).rejects.toThrow(/SLIP-NTF-3.*env:SLIPWAY_TEST_NO_SUCH_VARIABLE/);
  });

  it('has words of strangers as text: no header, no line of ours, and no more of them than anybody reads', async () => {
    const title = `<b>held</b>\r\nBcc: other@elsewhere.example\u202e${'x'.repeat(10_000)}`;
    const summary = `one\nnext: call 0900\u0007${'y'.repeat(10_000)}`;
    await mailTo(server.url).notify(aNotification({ title, facts: { summary } }));
    const [{ to, headers, text }] = server.received as [MailServer['received'][number]];
    expect(to).toEqual(people.to);
    expect(headers.get('bcc')).toBeUndefined();
    expect(text).toContain('\nsummary: one\n  next: call 0900\\u{7}yyy');
    expect(text).not.toMatch(/^next:/m);
    expect(text.length).toBeLessThan(4_500);
    expect(headers.get('subject')!.length).toBeLessThan(1_000);
  });
});
