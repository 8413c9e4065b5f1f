import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { CheckResult } from '../domain/check-result.ts';
import { namespaceNext, retentionDays } from '../domain/namespace-set-up.ts';
import {
  attributesAreThere,
  attributesNext,
  attributesOtherwise,
  judgeAttributes,
} from '../domain/search-attribute-set-up.ts';
import type { KnownAttributes } from '../domain/search-attribute-set-up.ts';
import type { TemporalPlace } from '../domain/temporal-place.ts';

/** `IndexedValueType` in Temporal's API. */
const keyword = 2;
const typeNames = ['', 'Text', 'Keyword', 'Int', 'Double', 'Bool', 'Datetime', 'KeywordList'];

/** gRPC's NOT_FOUND, PERMISSION_DENIED and UNIMPLEMENTED, and ALREADY_EXISTS. */
const notFound = 5;
const refusals = [7, 12];
const existsAlready = 6;

export interface SettingUp {
  client: Client;
  place: TemporalPlace;
  /** What is missing is told, and not made. */
  onlyLook: boolean;
}

/** A namespace with all that runs are found by. The search attributes are looked for only where it is there. */
export async function setUpNamespace(settingUp: SettingUp): Promise<CheckResult[]> {
  const namespace = await makeNamespace(settingUp);
  return namespace.ok ? [namespace, await addAttributes(settingUp)] : [namespace];
}

async function makeNamespace({ client: { workflowService }, place, onlyLook }: SettingUp): Promise<CheckResult> {
  const { namespace } = place;
  const there = { ok: true, says: `the namespace ${namespace} is there` };
  const left = (says: string) => ({ ok: false, says, next: namespaceNext(place) });
  try {
    await workflowService.describeNamespace({ namespace });
    return there;
  } catch (error) {
    if (codeOf(error) !== notFound) throw error;
    if (onlyLook) return left(`there is no namespace ${namespace}`);
  }
  try {
    const workflowExecutionRetentionPeriod = { seconds: retentionDays * 86_400 } as never;
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
    return { ok: true, says: `made the namespace ${namespace}, which keeps histories for ${retentionDays} days` };
  } catch (error) {
    if (codeOf(error) === existsAlready) return there;
    if (!refusals.includes(codeOf(error))) throw error;
    return left(`there is no namespace ${namespace}, and it may not be made from here`);
  }
}

async function addAttributes({ client, place, onlyLook }: SettingUp): Promise<CheckResult> {
  const { missing, otherwise } = judgeAttributes(await onceKnown(() => attributesOf(client)));
  if (otherwise.length > 0) return attributesOtherwise(otherwise);
  if (missing.length === 0) return attributesAreThere;
  const left = (why: string) => ({
    ok: false,
    says: `the search attributes ${missing.join(', ')} are missing${why}`,
    next: attributesNext(place, missing),
  });
  if (onlyLook) return left('');
  try {
    await client.connection.operatorService.addSearchAttributes({
      namespace: place.namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
    });
    return { ok: true, says: `added the search attributes ${missing.join(', ')}` };
  } catch (error) {
    if (!refusals.includes(codeOf(error))) throw error;
    return left(', and may not be added from here');
  }
}

/** Temporal Cloud lets no client ask what there is; what the namespace says of itself, it does. */
async function attributesOf(client: Client): Promise<KnownAttributes> {
  const { namespace } = client.options;
  try {
    const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace });
    return Object.fromEntries(
      Object.entries(customAttributes).map(([name, type]) => [name, typeNames[Number(type)] ?? '']),
    );
  } catch (error) {
    if (!refusals.includes(codeOf(error))) throw error;
    const { config } = await client.workflowService.describeNamespace({ namespace });
    // The column in which an attribute is kept begins with its type: `Keyword03`.
    const aliases = Object.entries(config?.customSearchAttributeAliases ?? {});
    return Object.fromEntries(aliases.map(([column, name]) => [name, column.replace(/\d\d$/, '')]));
  }
}

/** A namespace that was just made is known to all of Temporal some seconds later. */
async function onceKnown<T>(ask: () => Promise<T>): Promise<T> {
  for (let pause = 100; ; pause *= 1.5) {
    try {
      return await ask();
    } catch (error) {
      if (codeOf(error) !== notFound || pause > 10_000) throw error;
      await wait(pause);
    }
  }
}

function codeOf(error: unknown): number {
  return Number((error as { code?: unknown }).code);
}
