import type { OutboxMessage } from '../../domain/contract/outbox.ts';
import type { NotifySpec } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { isToldTo } from '../../domain/notices.ts';
import { threadOf } from '../../domain/outbox.ts';
import type { Notification, Notifier } from '../notify/port.ts';
import type { Outbox } from '../records/port.ts';

export interface OutboxNotifierOptions {
  outbox: Pick<Outbox, 'put'>;
  /** As the policy calls it now; undefined for one that it has not. For what was read before targets had their names on record. */
  nameOf(target: NotifySpec): Promise<string | undefined>;
}

/**
 * Tells by writing down who is to be told what: no step waits for anybody's chat. The same key again is the same row. Throws SLIP-NTF-4
 * (terminal) for a target that the policy has not, after the others were written down.
 */
export function createOutboxNotifier({ outbox, nameOf }: OutboxNotifierOptions) {
  const messageFor = async (
    target: NotifySpec,
    { run, ...notice }: Notification,
  ): Promise<OutboxMessage | undefined> => {
    const name = target.name ?? (await nameOf(target));
    return name === undefined ? undefined : { ...notice, run, thread: threadOf(target.kind, run), target: name };
  };
  return (targets: readonly NotifySpec[]): Notifier => ({
    async notify(notification) {
      const told = targets.filter((target) => isToldTo(target, notification));
      const messages = await Promise.all(told.map((target) => messageFor(target, notification)));
      const known = messages.filter((message) => message !== undefined);
      await outbox.put(known);
      if (known.length < messages.length) throw failure('SLIP-NTF-4', 'the policy has no such target');
    },
  });
}
