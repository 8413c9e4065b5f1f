import { findBuilder } from './demo/equipment.ts';
import { cacheDirectory } from './kubernetes/cache.ts';
import type { Progress } from './kubernetes/command.ts';
import { ensureBusyboxRoot } from './kubernetes/root-file-systems.ts';
import { postgresAccount } from './services/postgres-binaries.ts';
import { ensureRegistry } from './services/registry.ts';
import { ensureTemporalCli, ensureTemporalTestServer } from './services/temporal-programs.ts';
import { workflowBundle } from '../workers/bundle.ts';

/**
 * Everything that worlds on this machine fetch, make or build once, one after the other: so that it happens on nobody's clock and no two
 * want it at the same moment. Says what could not be had, and lets those who need it fail with their own words.
 */
export async function prepareMachine(progress: Progress): Promise<void> {
  const parts: [what: string, part: () => Promise<unknown>][] = [
    ['the Temporal server', () => ensureTemporalCli(progress)],
    ["Temporal's test server", () => ensureTemporalTestServer(progress)],
    ['the image registry', () => ensureRegistry(progress)],
    ["PostgreSQL's account", () => postgresAccount()],
    ['the base image', () => ensureBusyboxRoot(progress)],
    ['an image builder', () => findBuilder(undefined, progress)],
    ['the bundle of the workflows', () => workflowBundle(cacheDirectory())],
  ];
  for (const [what, part] of parts) {
    await part().catch((error: unknown) =>
      progress(`${what} could not be had: ${error instanceof Error ? error.message : String(error)}`),
    );
  }
}
