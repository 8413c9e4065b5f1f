import type { Outbox } from '../activities/records/port.ts';
import type { Millis } from '../domain/contract/release.ts';

export interface Forgetting {
  outbox: Pick<Outbox, 'forget'>;
  keptMs: Millis;
  /** One line for whoever reads the log. */
  tell(line: string): void;
  now?: () => Millis;
}

/** How often it is looked for what is old. */
const seldomMs = 3_600_000;
/** Looked at each time: the database is nobody's alone. */
const mostAtOnce = 500;

/** For whoever delivers, to call whenever there is nothing to deliver: forgets what people were told long ago, once an hour. Never rejects. */
export function forgettingMessages({ outbox, keptMs, tell, now = Date.now }: Forgetting): () => Promise<void> {
  let next = 0;
  return async () => {
    if (now() < next) return;
    next = now() + seldomMs;
    await outbox.forget(keptMs, mostAtOnce).catch((error: unknown) => {
      tell(`old messages cannot be forgotten: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
}
