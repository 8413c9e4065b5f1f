import type { Client } from '@temporalio/client';
import { connectClient } from '../client/connection.ts';
import { listVersions, wakeOldRuns } from '../client/versions.ts';
import { judgeVersions } from '../domain/engine-versions.ts';
import type { CheckResult } from '../domain/check-result.ts';
import type { SlipwayConfig } from '../temporal.config.ts';
import { makeCurrent } from './make-current.ts';
import { setUpNamespace } from './set-up-namespace.ts';

/** Prepares a Temporal namespace, and what follows an upgrade. May be repeated; says what it did, and what it may not do. */
export async function setUpTemporal(
  { temporal }: Pick<SlipwayConfig, 'temporal'>,
  options: {
    /** Build id of the version that is to be the current one. */
    makeCurrent?: string;
  } = {},
): Promise<CheckResult[]> {
  return connected(temporal, async (client) => {
    const namespace = await setUpNamespace({ client, place: temporal, onlyLook: false });
    if (!namespace[0]?.ok) return namespace;
    const chosen = options.makeCurrent === undefined ? [] : await choose(client, options.makeCurrent);
    return [...namespace, ...chosen, await tellRuns(client)];
  });
}

/** Looks at the same, and changes nothing. */
export async function checkTemporal({ temporal }: Pick<SlipwayConfig, 'temporal'>): Promise<CheckResult[]> {
  return connected(temporal, async (client) => {
    const namespace = await setUpNamespace({ client, place: temporal, onlyLook: true });
    return namespace[0]?.ok ? [...namespace, ...judgeVersions(await listVersions(client))] : namespace;
  });
}

async function connected<T>(temporal: SlipwayConfig['temporal'], work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connectClient(temporal);
  try {
    return await work(client);
  } finally {
    await client.connection.close();
  }
}

async function choose(client: Client, buildId: string): Promise<CheckResult[]> {
  const known = (await listVersions(client)).map((version) => version.buildId);
  if (known.includes(buildId)) {
    await makeCurrent(client, { buildId });
    return [];
  }
  const others = known.length === 0 ? 'it knows none' : `it knows ${known.join(', ')}`;
  const says = `Temporal knows no version ${buildId} of the engine: ${others}`;
  return [{ ok: false, says, next: 'Start an engine worker of that version first, or name one that is known.' }];
}

/** Wakes the runs of other versions than the current one, whoever made it current. */
async function tellRuns(client: Client): Promise<CheckResult> {
  const versions = await listVersions(client);
  const current = versions.find((version) => version.current);
  // Before the first worker there is none that could be: no problem of an installation that is being set up.
  if (!current && versions.length === 0)
    return { ok: true, says: 'no version of the engine is there yet: the first engine worker makes its own current' };
  const [judged] = judgeVersions(versions);
  if (!current) return judged!;
  const told = await wakeOldRuns(client, current.buildId);
  const others = told === 0 ? 'no run is on another' : `told ${told} on others, which move to it when they next may`;
  return { ok: true, says: `version ${current.buildId} of the engine is current; ${others}` };
}
