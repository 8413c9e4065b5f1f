import type { Client } from '@temporalio/client';
import { connectClient } from '../client/connection.ts';
import { listVersions, wakeOldRuns } from '../client/versions.ts';
import { searchAttributes } from '../domain/contract/names.ts';
import type { SlipwayConfig } from '../temporal.config.ts';

/** `IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD` in Temporal's API. */
const keyword = 2;

/** Prepares a Temporal namespace, and what follows an upgrade. May be repeated; says what it did. */
export async function setUpTemporal({ temporal }: Pick<SlipwayConfig, 'temporal'>): Promise<string[]> {
  const client = await connectClient(temporal);
  try {
    return [await addAttributes(client), await tellRuns(client)];
  } finally {
    await client.connection.close();
  }
}

async function addAttributes(client: Client): Promise<string> {
  const { namespace } = client.options;
  const { operatorService } = client.connection;
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const wanted: string[] = Object.values(searchAttributes);
  const types: Record<string, number | null | undefined> = customAttributes;
  const missing = wanted.filter((name) => !Object.hasOwn(customAttributes, name));
  const otherType = wanted.filter((name) => Object.hasOwn(customAttributes, name) && types[name] !== keyword);
  if (otherType.length > 0)
    throw new Error(`${otherType.join(', ')} exist with another type than Keyword: remove them first`);
  if (missing.length === 0) return `the ${wanted.length} search attributes are there`;
  await operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
  });
  return `added the search attributes ${missing.join(', ')}`;
}

/** Wakes the runs of other versions than the current one, for those who made it current by other means. */
async function tellRuns(client: Client): Promise<string> {
  const current = (await listVersions(client)).find((version) => version.current);
  if (!current) return 'no version of the engine is current: the first engine worker with SLIPWAY_MAKE_CURRENT=true is';
  const told = await wakeOldRuns(client, current.buildId);
  const others = told === 0 ? 'no run is on another' : `told ${told} on others, which move to it when they next may`;
  return `version ${current.buildId} of the engine is current; ${others}`;
}
