import type { RolloutPatience, RolloutSpec } from '../domain/contract/release.ts';
import { durationMs } from './duration.ts';
import type { PipelineOutline } from './pipeline-outline.ts';
import type { PipelineFile } from './pipeline-schema.ts';
import type { Finding } from './problem.ts';

const usual = '10m';

/** What slipway.yaml calls each kind of trouble. */
const kinds = {
  imagePull: 'imagePullMs',
  scheduling: 'schedulingMs',
  start: 'startMs',
  crash: 'crashMs',
  steady: 'steadyMs',
} as const satisfies Record<string, keyof RolloutPatience>;
const names = Object.keys(kinds) as (keyof typeof kinds)[];

/** Only what is named: everything else is in proportion to the timeout, by a rule of the engine that is no part of what is approved. */
export function rolloutOf(rollout: PipelineFile['rollout']): RolloutSpec {
  const timeoutMs = durationMs(rollout?.timeout ?? usual);
  const patience: RolloutPatience = {};
  for (const name of names) {
    const said = rollout?.[name];
    if (said !== undefined) patience[kinds[name]] = durationMs(said);
  }
  return { timeoutMs, ...(Object.keys(patience).length > 0 && { patience }) };
}

/** Trouble that may last longer than the whole rollout would never count. */
export function rolloutRules({ rollout = {} }: PipelineOutline): Finding[] {
  const timeout = rollout.timeout ?? usual;
  return names
    .filter((name) => durationMs(rollout[name] ?? '') > durationMs(timeout))
    .map((name) => {
      const message = `\`${name}\` is longer than \`timeout\`, which is ${timeout}`;
      return { path: ['rollout', name], message };
    });
}
