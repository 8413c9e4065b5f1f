import { laneOfRun } from '../../domain/contract/names.ts';
import type { Commit, ReleaseSpec } from '../../domain/contract/release.ts';
import { underWayNotice } from '../../domain/under-way.ts';
import type { Notifier } from '../notify/port.ts';
import { passUnlessAway } from './pass-unless-away.ts';

interface Told {
  run: string;
  commit: Commit;
  /** Of what was read of it, that is on record by now. */
  targets: ReleaseSpec['notify'];
}

/**
 * Writes down that a release begins, or begins to change something, for whoever asks for it: in the step that knows, so that no run has an event more for it.
 * What else than the records keeps it from people keeps no release from its way.
 */
export async function tellUnderWay(
  { notifierFor }: { notifierFor: (targets: ReleaseSpec['notify']) => Notifier },
  event: 'started' | 'changing',
  { run, commit, targets }: Told,
): Promise<void> {
  const lane = laneOfRun(run);
  if (!lane || targets.length === 0) return;
  const notice = underWayNotice(event, { run, lane, commit });
  await notifierFor(targets)
    .notify({ run, ...notice })
    .catch((error: unknown) => passUnlessAway(error, run));
}
