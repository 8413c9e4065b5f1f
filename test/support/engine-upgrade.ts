import { listVersions } from '../../client/versions.ts';
import { deploymentName } from '../../domain/contract/names.ts';
import type { EngineVersion } from '../../domain/engine-versions.ts';
import { run } from '../../lab/kubernetes/command.ts';
import { ensureTemporalCli } from '../../lab/services/temporal-programs.ts';
import { readConfig } from '../../temporal.config.ts';
import { setUpTemporal } from '../../workers/setup.ts';
import { until } from './world-until.ts';
import type { World } from './world.ts';

/** What docs/operations.md has an operator do when the engine is upgraded. */

/** `slipway setup`. */
export async function setUp(world: World): Promise<void> {
  await setUpTemporal(readConfig(world.engine.environment));
}

export async function setCurrentVersion(world: World, buildId: string): Promise<void> {
  const temporal = await ensureTemporalCli(() => {});
  const version = ['--deployment-name', deploymentName, '--build-id', buildId];
  const address = ['--address', world.services.temporal.address];
  await run(temporal, ['worker', 'deployment', 'set-current-version', ...version, ...address, '--yes']);
}

/** The versions, once they are as wanted: visibility is told of a change a moment later. */
export function untilVersions(
  world: World,
  what: string,
  wanted: (seen: EngineVersion[]) => boolean,
): Promise<EngineVersion[]> {
  const look = () => listVersions(world.temporal);
  return until(
    what,
    async () => {
      const seen = await look();
      return wanted(seen) && seen;
    },
    look,
  );
}
