import type { BenchWorld } from './world.ts';
import { shop } from '../../lab/shop/pipeline-file.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import { approve, forgetMigrations, startEngineRelease } from './runs.ts';

export interface FailingSample {
  /** From the pod that is crash-looping (ended twice) to the failure in the run's history, ms. */
  detectMs: number;
  /** From the decision to roll back to every region being verified on the release before, ms. */
  rollbackMs: number;
}

/** Releases a storefront that crashes in region `nl`, which the engine must notice and undo in both regions. */
export async function measureFailing(world: BenchWorld, set: number): Promise<FailingSample> {
  await forgetMigrations(world);
  const images = { ...world.images.sets[set % 2], storefront: world.images.broken };
  const looping = watchForCrashLoop(world);
  const { releaseId, planHash } = await startEngineRelease(world, images);
  await approve(world, releaseId, planHash);
  const handle = world.client.workflow.getHandle(releaseId);
  const { outcome, summary, timings } = (await handle.result()) as ReleaseResult;
  if (outcome !== 'rolled-back') throw new Error(`the broken release ended ${outcome}: ${summary}`);
  const begun = timings.find(({ stage }) => stage === 'rolling-back')?.startedAt ?? Number.NaN;
  const end = timings.find(({ stage }) => stage === 'done')?.startedAt ?? Number.NaN;
  const known = await failureAt(world, releaseId);
  // What was rolled back must not come again: the lane is on hold until a person says otherwise.
  await world.approver.changeLane(shop, 'clear-hold', 'the measurement goes on');
  return { detectMs: known - (await looping), rollbackMs: end - begun };
}

interface PodSeen {
  status?: {
    containerStatuses?: {
      image: string;
      restartCount: number;
      state?: { waiting?: { reason?: string }; terminated?: object };
    }[];
  };
}

/** When a pod of the broken image was first seen to loop, by the region's own watch, ms. */
async function watchForCrashLoop({ regions, images }: BenchWorld): Promise<number> {
  const region = regions.find(({ name }) => name === 'nl');
  const response = await fetch(`${region?.sandbox.server}/api/v1/namespaces/${shop.namespace}/pods?watch=1`);
  let rest = '';
  for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    const pods = lines.filter((line) => line !== '').map((line) => (JSON.parse(line) as { object: PodSeen }).object);
    if (pods.some((pod) => isLooping(pod, images.broken))) return Date.now();
  }
  throw new Error('the watch of the region ended before a pod crashed');
}

function isLooping({ status }: PodSeen, image: string): boolean {
  return (status?.containerStatuses ?? []).some(
    ({ image: runs, restartCount, state }) =>
      runs === image &&
      (state?.waiting?.reason === 'CrashLoopBackOff' || (restartCount > 0 && state?.terminated !== undefined)),
  );
}

async function failureAt({ client }: BenchWorld, releaseId: string): Promise<number> {
  const { events } = await client.workflow.getHandle(releaseId).fetchHistory();
  const failed = events?.find((event) => event.activityTaskFailedEventAttributes);
  return timeOf(failed?.eventTime);
}

/** ms since 1970, of a protobuf timestamp. */
export function timeOf(time: { seconds?: unknown; nanos?: number | null } | null | undefined): number {
  return time ? Number(String(time.seconds)) * 1_000 + (time.nanos ?? 0) / 1_000_000 : Number.NaN;
}
