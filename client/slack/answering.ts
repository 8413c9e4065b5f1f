import type { Identity } from '../../domain/contract/release.ts';
import type { Stranger } from '../../domain/people.ts';
import { answerOf, Refused } from '../gateway/errors.ts';
import type { Asker } from './click.ts';
import type { SlackParts } from './parts.ts';
import { tell } from './tell.ts';
import { plain } from './words.ts';

/** Does what somebody has asked for by pressing or typing, within what one account may ask for. What keeps it from being done is told to them alone. */
export async function answering(
  slack: Pick<SlackParts, 'client' | 'allow' | 'log'>,
  asker: Asker,
  work: () => Promise<void>,
): Promise<void> {
  try {
    slack.allow('write', accountOf(asker.user));
    await work();
  } catch (error) {
    if (!(error instanceof Refused)) slack.log(error);
    await tell(slack, asker, refusal(error));
  }
}

/** By its name in the audit, and before anybody knows whose it is. */
export function accountOf(user: string): string {
  return `slack:${user}`;
}

/** Who that is; as everybody, within what one person may ask for by all doors together. */
export async function personOf({ who, allow }: SlackParts, user: string): Promise<Identity | Stranger> {
  const found = await who(user);
  if (!('refused' in found)) allow('write', found.id);
  return found;
}

/** Throws 403 for whom the policy does not know. */
export async function knownPerson(slack: SlackParts, user: string): Promise<Identity> {
  const found = await personOf(slack, user);
  if ('refused' in found) throw new Refused(403, 'stranger', found.refused, found.next);
  return found;
}

/** Kindly, and with what helps: nothing of it was meant badly. */
function refusal(error: unknown): string {
  const { message, next } = answerOf(error).body;
  return `:information_source: Nothing has changed: ${plain(message, 1_000)}.${next === undefined ? '' : ` ${plain(next, 1_000)}`}`;
}
