import type { RecordEvent } from './events.ts';
import type { Store } from './store.ts';

/** What every controller of the sandbox works with. */
export interface Control {
  store: Store;
  record: RecordEvent;
  now: () => number;
}
