import type { ReleaseRow } from '../../../domain/contract/gateway.ts';
import { shortName } from '../../../domain/short-names.ts';
import type { Cli } from '../cli.ts';
import { connect, type GatewayOptions } from '../connect.ts';
import { CliFailure } from '../failures.ts';
import { pipelineHere } from '../lane-meant.ts';
import { releaseNamed, type Asking } from '../release-named.ts';
import { shortCommit } from '../words.ts';
import { operandsByName, type Place } from './place.ts';

export interface Candidate {
  value: string;
  says: string;
}

/** Names of options and arguments whose values are known somewhere. */
const kinds = ['service', 'environment', 'region', 'id'] as const;
type Kind = (typeof kinds)[number];

export const isKnownKind = (name: string): name is Kind => (kinds as readonly string[]).includes(name);

/** What the line says already, by the names of its options and arguments. */
type Said = GatewayOptions & { [name in Kind]?: string } & { typed: string };

/** ms that somebody who has pressed a key waits for the gateway. */
const patienceMs = 1_500;
const enoughRows = 200;

/** From slipway.yaml here and from the gateway; what either cannot say is left out. */
export async function knownValues(cli: Cli, kind: Kind, { reading, typed }: Place): Promise<Candidate[]> {
  const said = { ...reading.given, ...operandsByName(reading), typed };
  const [here, there] = await Promise.all([fromFile(cli, kind, said), fromGateway(cli, kind, said)]);
  const found = [...there, ...here];
  return [...new Map(found.map((one) => [one.value, one])).values()];
}

async function fromFile({ io }: Cli, kind: Kind, said: Said): Promise<Candidate[]> {
  const here = await pipelineHere(io.cwd);
  if (!here) return [];
  const { file, service, environments } = here;
  if (kind !== 'service' && (said.service ?? service) !== service) return [];
  const regions = Object.entries(environments)
    .filter(([environment]) => (said.environment ?? environment) === environment)
    .flatMap(([, environment]) => Object.keys(environment.regions));
  const values = { service: [service], environment: Object.keys(environments), region: regions, id: [] }[kind];
  return values.map((value) => ({ value, says: `in ${file}` }));
}

async function fromGateway(cli: Cli, kind: Kind, said: Said): Promise<Candidate[]> {
  const signal = AbortSignal.any([cli.io.signal, AbortSignal.timeout(patienceMs)]);
  try {
    const asking = { ...cli, io: { ...cli.io, signal } };
    return await asked({ cli: asking, gateway: await connect(asking, said), options: said }, kind, said);
  } catch (error) {
    // Away, not named, or not to be asked by this person: whoever runs the command is told.
    if (error instanceof CliFailure) return [];
    throw error;
  }
}

async function asked(asking: Asking, kind: Kind, said: Said): Promise<Candidate[]> {
  if (kind === 'region') return regionsOf(asking, said);
  const { service, environment } = said;
  const { releases } = await asking.gateway.list({
    ...(kind !== 'service' && service !== undefined && { service }),
    ...(kind === 'id' && environment !== undefined && { environment }),
    limit: enoughRows,
  });
  return kind === 'id' ? namesOf(releases, said.typed) : releases.map((row) => ({ value: row[kind], says: '' }));
}

async function regionsOf(asking: Asking, { id }: Said): Promise<Candidate[]> {
  if (id === undefined) return [];
  const { status } = await asking.gateway.release(await releaseNamed(asking, id));
  return (status?.regions ?? []).map(({ region, phase }) => ({ value: region, says: phase }));
}

/** As people call them; by their ids for who begins to type one. */
function namesOf(rows: ReleaseRow[], typed: string): Candidate[] {
  return [
    { value: '@latest', says: 'the newest of the lane that is meant' },
    { value: '@waiting', says: 'the one that waits for a person' },
    ...rows.map((row) => ({ value: shortName(row), says: inShort(row) })),
    ...(typed === '' ? [] : rows.map((row) => ({ value: row.releaseId, says: inShort(row) }))),
  ];
}

function inShort({ environment, outcome, commit, endedAt }: ReleaseRow): string {
  const end = outcome ?? (endedAt === undefined ? 'open' : 'ended');
  return `${environment}, ${end}, commit ${shortCommit(commit)}`;
}
