import type { Client } from '@temporalio/client';
import { connectClient } from '../client/connection.ts';
import { searchAttributes } from '../domain/contract/names.ts';
import type { SlipwayConfig } from '../temporal.config.ts';

/** `IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD` in Temporal's API. */
const keyword = 2;

/** Prepares a Temporal namespace: the search attributes. May be repeated; says what it did. */
export async function setUpTemporal({ temporal }: Pick<SlipwayConfig, 'temporal'>): Promise<string[]> {
  const client = await connectClient(temporal);
  try {
    const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
      namespace: temporal.namespace,
    });
    const wanted: string[] = Object.values(searchAttributes);
    const types: Record<string, number | null | undefined> = customAttributes;
    const missing = wanted.filter((name) => !Object.hasOwn(customAttributes, name));
    const otherType = wanted.filter((name) => Object.hasOwn(customAttributes, name) && types[name] !== keyword);
    if (otherType.length > 0)
      throw new Error(`${otherType.join(', ')} exist with another type than Keyword: remove them first`);
    if (missing.length === 0) return [`the ${wanted.length} search attributes are there`];
    await client.connection.operatorService.addSearchAttributes({
      namespace: temporal.namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
    });
    return [`added the search attributes ${missing.join(', ')}`];
  } finally {
    await client.connection.close();
  }
}

/**
 * Makes a worker version the current one: new releases begin on it, the lanes move to it, releases that run stay where they are.
 * The server knows a version only once its worker polls, so this is tried for a while.
 */
export async function makeCurrent(
  client: Client,
  { deploymentName, buildId }: { deploymentName: string; buildId: string },
): Promise<void> {
  for (let wait = 50; wait < 5_000; wait *= 1.5) {
    try {
      await client.workflowService.setWorkerDeploymentCurrentVersion({
        namespace: client.options.namespace,
        deploymentName,
        buildId,
        identity: 'slipway',
      });
      return;
    } catch (error) {
      if (!/not found|NOT_FOUND|missing/i.test(String(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  throw new Error(`the worker version ${buildId} did not register with Temporal`);
}
