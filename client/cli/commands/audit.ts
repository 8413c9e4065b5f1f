import type { Command } from 'commander';
import { isChainOf, type ChainedEntry } from '../../../domain/audit-chain.ts';
import { findingInWords } from '../../../domain/audit-proof.ts';
import { unseenInWords } from '../../../domain/audit-proven.ts';
import type { AuditProof, ChainRows } from '../../../domain/audit-proven.ts';
import type { FoundStatements } from '../../../domain/audit-statements.ts';
import { publicKeysFrom, rowsFrom, statementsFrom } from '../audit-files.ts';
import { proveHere } from '../audit-proof.ts';
import { runs, type Cli } from '../cli.ts';
import { documentVersion } from '../document-version.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { foundProblems } from '../exit-codes.ts';
import { usageFailure } from '../failures.ts';
import type { GatewayClient } from '../gateway-client.ts';
import { table } from '../layout.ts';
import { oneLine, safeJson } from '../safe-text.ts';

interface VerifyOptions extends GatewayOptions {
  ends?: string;
  publicKey?: string;
  rows?: string;
}

const examples = `
Examples:
  slipway audit list shop production
  slipway audit verify --ends /mnt/elsewhere/audit-ends --public-key keys/
  slipway audit verify --rows rows.json --ends audit-ends.jsonl --public-key gateway.pem`;

export function registerAudit(program: Command, cli: Cli): void {
  const audit = program.command('audit').description('what was done and decided, and whether anybody has rewritten it');
  audit.addHelpText('after', examples);
  withGateway(audit.command('list <service> <environment>').description('the last rows of a lane'))
    .option('--all', 'all rows, exactly as they are stored: for `slipway audit verify --rows`')
    .addHelpText('after', examples)
    .action(
      runs(cli, (service: string, environment: string, options: GatewayOptions & { all?: boolean }) =>
        list(cli, { service, environment }, options),
      ),
    );
  withGateway(
    audit.command('verify').description('check every row against the others, and against what was signed outside'),
  )
    .option('--ends <path>', 'statements that the gateway has sent outside: a file of lines, or a directory of them')
    .option('--public-key <path>', "the gateway's public key, or a directory of them: needed with --ends")
    .option('--rows <file>', 'rows from a file instead of from the gateway')
    .addHelpText('after', examples)
    .action(runs(cli, (options: VerifyOptions) => verify(cli, options)));
}

async function list(
  cli: Cli,
  lane: { service: string; environment: string },
  options: GatewayOptions & { all?: boolean },
): Promise<number> {
  const gateway = await connect(cli, options);
  const name = `${lane.service}/${lane.environment}`;
  const rows = options.all ? await allRowsOf(gateway, name) : await gateway.auditRows(name, 'newest');
  // As they are: a hash is made of every character, and of times as they were written.
  if (options.all) cli.io.stdout.write(`${JSON.stringify({ version: documentVersion, rows })}\n`);
  else if (options.json) cli.printJson('audit-rows', { rows: safeJson(rows) as ChainedEntry[] });
  else cli.print(table(rows.map((row) => shown(row, name))));
  return 0;
}

/** Numbers are those of a chain: `4@engine`. Of what failed or was refused its code and, of what a person was refused, the reason. */
function shown({ lane, n, at, what, who, facts }: ChainedEntry, name: string): string[] {
  const why = [facts['code'], facts['refused']].filter((word) => typeof word === 'string').join(': ');
  const cells = [`${n}${lane.slice(name.length)}`, new Date(at).toISOString(), what, who, why];
  return cells.map(oneLine);
}

async function verify(cli: Cli, options: VerifyOptions): Promise<number> {
  const { cwd } = cli.io;
  if (options.ends !== undefined && options.publicKey === undefined)
    throw usageFailure('--ends needs --public-key', "Name the gateway's public key, from where you trust it.");
  const rows = options.rows === undefined ? await fromGateway(cli, options) : byLane(await rowsFrom(cwd, options.rows));
  const { all: statements, unread }: FoundStatements =
    options.ends === undefined ? { all: [], unread: 0 } : await statementsFrom(cwd, options.ends);
  const publicKeys = options.publicKey === undefined ? [] : await publicKeysFrom(cwd, options.publicKey);
  const proof = await proveHere(rows, { statements, publicKeys });
  const problems = [
    ...proof.statements.problems,
    ...proof.lanes.flatMap(({ findings }) => findings.map(findingInWords)),
  ].map(oneLine);
  const unseen = unseenInWords(proof, unread).map(oneLine);
  if (options.json) {
    const lanes = safeJson(proof.lanes) as AuditProof['lanes'];
    cli.printJson('audit-proof', { whole: problems.length === 0, problems, unseen, lanes });
  } else cli.print([...problems, ...unseen.map((line) => `note: ${line}`), inShort(proof, problems.length)]);
  return problems.length === 0 ? 0 : foundProblems;
}

function inShort({ lanes }: AuditProof, problems: number): string {
  const rows = lanes.reduce((sum, lane) => sum + lane.rows, 0);
  return `${rows} rows in ${lanes.length} lanes: ${problems === 0 ? 'whole' : `${problems} problems`}`;
}

async function fromGateway(cli: Cli, options: VerifyOptions): Promise<Map<string, ChainRows>> {
  const gateway = await connect(cli, options);
  const ends = await gateway.auditEnds();
  return new Map(ends.map((recorded) => [recorded.lane, { rows: pagesOf(gateway, recorded.lane), recorded }]));
}

async function* pagesOf(gateway: GatewayClient, lane: string): AsyncGenerator<ChainedEntry[]> {
  for (let after = 0; ;) {
    const page = await gateway.auditRows(lane, after);
    if (page.length === 0) return;
    yield page;
    const next = page.at(-1)!.n;
    if (next <= after)
      throw usageFailure(`the rows of ${lane} are in no order`, 'Take them from the database: --rows.');
    after = next;
  }
}

/** One chain after the other. */
async function allRowsOf(gateway: GatewayClient, lane: string): Promise<ChainedEntry[]> {
  const all: ChainedEntry[] = [];
  const chains = (await gateway.auditEnds()).map((end) => end.lane).filter((chain) => isChainOf(lane, chain));
  for (const chain of new Set([lane, ...chains])) all.push(...(await allOf(pagesOf(gateway, chain))));
  return all;
}

async function allOf(pages: AsyncIterable<ChainedEntry[]>): Promise<ChainedEntry[]> {
  const all: ChainedEntry[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

function byLane(rows: ChainedEntry[]): Map<string, ChainRows> {
  const lanes = Map.groupBy(rows, ({ lane }) => lane);
  return new Map([...lanes].map(([lane, all]) => [lane, { rows: [all.toSorted((a, b) => a.n - b.n)] }]));
}
