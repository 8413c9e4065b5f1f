import { lineKeepingEnd } from './rollout-cause.ts';
import type { DeploymentObservation, WriterObservation } from './rollout-observation.ts';
import type { RolloutCounts, RolloutTarget, RolloutVerdict } from './rollout-verdict.ts';

/** Other images are there than were written: who has set them, and whether they are the ones of before. */
export function superseded(
  deployment: DeploymentObservation,
  target: RolloutTarget,
  counts: RolloutCounts,
): RolloutVerdict {
  const { images } = deployment;
  const changed = Object.keys(target.images).filter((container) => images[container] !== target.images[container]);
  const by = changed.map((container) => deployment.writers?.[container]).find((writer) => writer !== undefined);
  const reverted = changed.every((container) => images[container] === target.before?.[container]);
  const who = by?.ours ? (by.releaseId ?? 'another run of ours') : 'somebody else';
  const what = reverted ? 'has put back the images of before' : 'has set other images';
  const now = changed.map((container) => `${container} = ${images[container] ?? 'no such container'}`).join(', ');
  const summary = `${who} ${what}: ${now}${writerInWords(by)}`;
  return { kind: 'superseded', summary, counts, images, ...(by && { by }) };
}

function writerInWords(by: WriterObservation | undefined): string {
  if (!by || by.ours) return '';
  const at = by.at === undefined ? '' : ` at ${new Date(by.at).toISOString().slice(0, 19)}Z`;
  const cause = by.changeCause === undefined ? '' : `, noting "${lineKeepingEnd(by.changeCause)}"`;
  return ` (written by ${by.manager}${at}${cause})`;
}
