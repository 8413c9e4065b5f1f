import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { failure } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { visible } from '../../domain/visible.ts';
import { head } from '../../domain/whole-text.ts';
import { inTime } from '../shared/in-time.ts';
import { knownSecrets } from '../shared/known-secrets.ts';
import { knownOrRefused } from './known-or-refused.ts';
import { oncePerKey } from './once-per-key.ts';
import type { Notification, Notifier } from './port.ts';

export interface EmailAddress {
  /** `smtp://` or `smtps://`, with user name and password where the server asks for them. Never shown. */
  smtp: string;
  from: string;
  to: readonly string[];
}

export interface EmailOptions {
  /** Asked for each message. */
  addressNow: () => Promise<EmailAddress>;
}

const eachStepMs = 5_000;
const inAllMs = 20_000;
const longestSubject = 200;
const longestFact = 2_000;

/**
 * Plain text by SMTP. All about one run is one thread of mails, and what is sent twice has one Message-ID. A password goes through TLS alone.
 * Throws SLIP-NTF-1 (retryable: no answer, 4xx), SLIP-NTF-2 (terminal: refused, for whom ever), SLIP-NTF-3 (terminal: no usable URL).
 */
export function createEmailNotifier({ addressNow }: EmailOptions): Notifier {
  return oncePerKey(async (notification) => {
    const { smtp, from, to } = await knownOrRefused(addressNow());
    const url = urlOf(smtp);
    const transport = createTransport({
      url: url.href,
      requireTLS: url.username !== '',
      connectionTimeout: eachStepMs,
      greetingTimeout: eachStepMs,
      socketTimeout: eachStepMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      const sending = transport.sendMail({ from, to: [...to], ...mailOf(notification, from) });
      const { rejected } = await inTime(sending, inAllMs, () =>
        failure('SLIP-NTF-1', `${url.host} takes longer than ${inAllMs / 1_000} s`),
      );
      if (rejected.length > 0) throw failure('SLIP-NTF-2', `${url.host} takes it for all but ${rejected.length}`);
    } catch (error) {
      throw asFailure(error, url.host);
    } finally {
      transport.close();
    }
  });
}

function urlOf(smtp: string): URL {
  knownSecrets.know(smtp.trim());
  const url = URL.parse(smtp.trim());
  if (url && ['smtp:', 'smtps:'].includes(url.protocol) && url.hostname !== '' && url.search === '') return url;
  throw failure('SLIP-NTF-3', 'what is configured is not an smtp or smtps URL'); // never the text itself
}

function mailOf({ key, run, title, facts }: Notification, from: string) {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const idOf = (text: string) => `<${createHash('sha256').update(text).digest('hex').slice(0, 40)}@${domain}>`;
  return {
    subject: head(visible(title), longestSubject),
    text: [head(visible(title), longestFact), '', ...Object.entries(facts).map(factInText)].join('\n'),
    messageId: idOf(key),
    // Nobody has sent that one: programs put together what names the same.
    inReplyTo: idOf(run),
    references: [idOf(run)],
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

/** No line of a fact can be taken for one of ours. */
function factInText([name, text]: [string, string]): string {
  const lines = head(text, longestFact).split('\n').map(visible);
  return `${visible(name)}: ${lines.join('\n  ')}`;
}

/** The server's own words are not shown: they may repeat what it was told. */
function asFailure(error: unknown, host: string): Failure {
  if (error instanceof Failure) return error;
  const { responseCode, code } = error as { responseCode?: number; code?: string };
  if (responseCode === undefined) return failure('SLIP-NTF-1', `${host} does not answer: ${code ?? 'unknown error'}`);
  return failure(responseCode >= 500 ? 'SLIP-NTF-2' : 'SLIP-NTF-1', `${host} answered ${responseCode}`);
}
