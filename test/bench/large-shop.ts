import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { aPolicy, aRegion, aWave } from '../domain/builders.ts';
import { idOf } from '../workflows/support/fake-world.ts';
import type { FakeWorlds } from '../workflows/support/fake-world.ts';
import { startFakeTemporal } from '../workflows/support/fake-temporal.ts';
import type { FakeTemporal } from '../workflows/support/fake-temporal.ts';
import { median, quantile } from './statistics.ts';

/** What a release of ten regions and thirty components costs its workers and those who ask about it. */
export interface LargeShop {
  regions: number;
  components: number;
  events: number;
  /** As JSON, which is larger than what Temporal stores. */
  historyBytes: number;
  largestEventBytes: number;
  /** The whole history, again, as after the loss of a worker: the median of five. */
  replayMs: number;
  /** One answer to `status` while `together` such releases run on one worker. */
  statusP95Ms: number;
  statusMaxMs: number;
  together: number;
}

const regions = 10;
const components = 30;
const together = 6;
const names = (n: number, of: string) => Array.from({ length: n }, (_, i) => `${of}${i}`);

export async function measureLargeShop(progress: (line: string) => void): Promise<LargeShop> {
  const temporal = await startFakeTemporal();
  try {
    const { id, answers } = await releaseTogether(temporal);
    const history = await temporal.env.client.workflow.getHandle(id).fetchHistory();
    const sizes = (history.events ?? []).map((event) => Buffer.byteLength(historyToJSON({ events: [event] })));
    const replays: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      const begun = performance.now();
      await Worker.runReplayHistory({ workflowBundle: { codePath: temporal.codePath } }, history, id);
      replays.push(performance.now() - begun);
    }
    progress(`large shop: ${sizes.length} events, replayed in ${Math.round(median(replays))} ms`);
    return {
      regions,
      components,
      events: sizes.length,
      historyBytes: Buffer.byteLength(historyToJSON(history)),
      largestEventBytes: Math.max(...sizes),
      replayMs: median(replays),
      statusP95Ms: quantile(answers, 0.95),
      statusMaxMs: Math.max(...answers),
      together,
    };
  } finally {
    await temporal.stop();
  }
}

/** Runs them side by side and asks one after the other for its status until the last has ended. */
async function releaseTogether({ env, engine, worlds }: FakeTemporal): Promise<{ id: string; answers: number[] }> {
  const ids = await Promise.all(
    names(together, 'shop').map(async (service) => {
      const request = aLargeShop(worlds, service).request();
      await engine.startRelease(request);
      return idOf(request);
    }),
  );
  let running = true;
  const ended = Promise.all(ids.map((id) => env.client.workflow.getHandle(id).result())).finally(() => {
    running = false;
  });
  const answers: number[] = [];
  const asking = (async () => {
    while (running) {
      for (const id of ids) {
        const begun = performance.now();
        await engine.status(id);
        answers.push(performance.now() - begun);
      }
    }
  })();
  await Promise.all([ended, asking]);
  return { id: ids[0] ?? '', answers };
}

function aLargeShop(worlds: FakeWorlds, service: string) {
  const world = worlds.create({ approval: aPolicy({ required: false }) }, service);
  const [component] = world.spec.components;
  const at = names(regions, 'region');
  world.spec.regions = at.map((name) => aRegion(name));
  world.spec.waves = [aWave(at.slice(0, 1)), aWave(at.slice(1))];
  world.spec.components = names(components, 'component').map((name) => ({ ...component!, name }));
  return world;
}
