import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleaseRow } from '../../../domain/contract/gateway.ts';
import { isOutcome } from '../../../domain/outcomes.ts';
import type { Cli } from '../cli.ts';
import type { Reading } from '../command-words.ts';
import { connect, type GatewayOptions } from '../connect.ts';
import { CliFailure } from '../failures.ts';
import type { GatewayClient } from '../gateway-client.ts';
import { shortCommit } from '../words.ts';
import { operandsByName } from './place.ts';

export interface Candidate {
  value: string;
  says: string;
}

/** Names of options and arguments whose values are known somewhere. */
const kinds = ['service', 'environment', 'region', 'id'] as const;
type Kind = (typeof kinds)[number];

export const isKnownKind = (name: string): name is Kind => (kinds as readonly string[]).includes(name);

/** What the line says already, by the names of its options and arguments. */
type Said = GatewayOptions & { [name in Kind]?: string };

/** ms that somebody who has pressed a key waits for the gateway. */
const patienceMs = 1_500;
const enoughRows = 200;

/** From slipway.yaml here and from the gateway; what either cannot say is left out. */
export async function knownValues(cli: Cli, kind: Kind, reading: Reading): Promise<Candidate[]> {
  const said = { ...reading.given, ...operandsByName(reading) };
  const [here, there] = await Promise.all([fromFile(cli, kind, said), fromGateway(cli, kind, said)]);
  const found = [...there, ...here];
  return [...new Map(found.map((one) => [one.value, one])).values()];
}

async function fromFile({ io }: Cli, kind: Kind, said: Said): Promise<Candidate[]> {
  const name = 'slipway.yaml';
  const text = await readFile(join(io.cwd, name)).catch(() => undefined);
  if (!text) return [];
  const { loadPipeline } = await import('../../../pipeline/index.ts');
  const loaded = loadPipeline(text, name);
  if (!loaded.ok) return [];
  const { service, environments } = loaded.pipeline.content;
  if (kind !== 'service' && (said.service ?? service) !== service) return [];
  const regions = Object.entries(environments)
    .filter(([environment]) => (said.environment ?? environment) === environment)
    .flatMap(([, environment]) => Object.keys(environment.regions));
  const values = { service: [service], environment: Object.keys(environments), region: regions, id: [] }[kind];
  return values.map((value) => ({ value, says: `in ${name}` }));
}

async function fromGateway(cli: Cli, kind: Kind, said: Said): Promise<Candidate[]> {
  const signal = AbortSignal.any([cli.io.signal, AbortSignal.timeout(patienceMs)]);
  try {
    const gateway = await connect({ ...cli, io: { ...cli.io, signal } }, said);
    return await asked(gateway, kind, said);
  } catch (error) {
    // Away, not named, or not to be asked by this person: whoever runs the command is told.
    if (error instanceof CliFailure) return [];
    throw error;
  }
}

async function asked(gateway: GatewayClient, kind: Kind, said: Said): Promise<Candidate[]> {
  if (kind === 'region') return regionsOf(gateway, said);
  const { service, environment } = said;
  const rows = await gateway.releases({
    ...(kind !== 'service' && service !== undefined && { service }),
    ...(kind === 'id' && environment !== undefined && { environment }),
    limit: enoughRows,
  });
  if (kind === 'id') return rows.map((row) => ({ value: row.releaseId, says: releaseInShort(row) }));
  return rows.map((row) => ({ value: row[kind], says: '' }));
}

async function regionsOf(gateway: GatewayClient, { id }: Said): Promise<Candidate[]> {
  if (id === undefined) return [];
  const { status } = await gateway.release(id);
  return (status?.regions ?? []).map(({ region, phase }) => ({ value: region, says: phase }));
}

function releaseInShort({ outcome, commit, endedAt }: ReleaseRow): string {
  const end = outcome !== undefined && isOutcome(outcome) ? outcome : endedAt === undefined ? 'open' : 'ended';
  return `${end}, commit ${shortCommit(commit)}`;
}
