import type { ReleaseStatus } from '../../../domain/contract/status.ts';
import { eventually } from './eventually.ts';
import type { FakeWorld } from './fake-world.ts';
import type { VersionedServer } from './versions.ts';

/** Until a run is held, without its first pauses: each `retry` tries at once. */
export function untilHeld({ engine }: VersionedServer, world: FakeWorld, id: string): Promise<ReleaseStatus> {
  return eventually(`${id} to be held`, async () => {
    const seen = await engine.status(id);
    if (seen?.stage === 'held') return seen;
    if (seen && /tried again/.test(seen.doing))
      await engine.decide(id, world.sign('retry', { releaseId: id })).catch(() => undefined);
    return undefined;
  });
}
