import type { Command } from 'commander';
import type { CheckResult } from '../../../domain/check-result.ts';
import { judgeVersions } from '../../../domain/engine-versions.ts';
import { judgeQueues } from '../../../domain/task-queues.ts';
import { ownPackage } from '../../own-package.ts';
import { runs, type Cli } from '../cli.ts';
import { connect, connectAnonymously, withGateway, type GatewayOptions } from '../connect.ts';
import { foundProblems } from '../exit-codes.ts';
import { CliFailure, isInterrupted } from '../failures.ts';
import { gitVersion } from '../git.ts';
import { oneLine } from '../safe-text.ts';

/** One line of the doctor's answer; with a `next` when something is wrong. */
interface Finding extends CheckResult {
  check: string;
}

const examples = `
Examples:
  slipway doctor
  slipway doctor --gateway https://slipway.example.com --json`;

export function registerDoctor(program: Command, cli: Cli): void {
  withGateway(
    program
      .command('doctor')
      .description('check this machine, the gateway, your token and what the gateway depends on'),
  )
    .addHelpText('after', examples)
    .action(
      runs(cli, async (options: GatewayOptions) => {
        const token = await checkToken(cli, options);
        const findings = [
          checkNode(ownPackage().oldestNode),
          await checkGit(cli),
          ...(await checkGateway(cli, options)),
          token,
          ...(token.ok ? await checkEngine(cli, options) : []),
        ];
        const ok = findings.every((finding) => finding.ok);
        if (options.json) cli.printJson('doctor', { ok, findings });
        else cli.print(findings.flatMap((finding) => findingLines(finding, cli)));
        return ok ? 0 : foundProblems;
      }),
    );
}

function findingLines({ check, ok, says, next }: Finding, { colors }: Cli): string[] {
  const mark = ok ? colors.green('ok     ') : colors.red('problem');
  return [`${mark} ${check}: ${oneLine(says)}`, ...(next ? [`          next: ${oneLine(next)}`] : [])];
}

function checkNode(oldest: number): Finding {
  const { node } = process.versions;
  const ok = Number(node.split('.')[0]) >= oldest;
  return { check: 'node', ok, says: node, ...(ok ? {} : { next: `Install Node ${oldest} or newer.` }) };
}

async function checkGit({ io }: Cli): Promise<Finding> {
  const version = await gitVersion(io.cwd);
  if (version) return { check: 'git', ok: true, says: version };
  const next = 'Install git, or name --commit and --branch in every `slipway deploy`.';
  return { check: 'git', ok: false, says: 'not found', next };
}

async function checkGateway(cli: Cli, options: GatewayOptions): Promise<Finding[]> {
  try {
    const gateway = await connectAnonymously(cli, options);
    const { ok, ...told } = await gateway.health();
    const parts = Object.keys(told).length > 0 ? told : await partsInWords(cli, options);
    const says = `${gateway.url} ${ok ? 'answers' : 'answers, but is not well'}`;
    const next = 'See the parts below, and the log of the gateway.';
    const open = inTheOpen(gateway.url) ? [tokenInTheOpen(gateway.url)] : [];
    return [
      { check: 'gateway', ok, says, ...(ok ? {} : { next }) },
      ...open,
      ...Object.entries(parts).map(([name, value]) => partFinding(name, value, ok)),
    ];
  } catch (error) {
    return [findingOf('gateway', error)];
  }
}

/** What the gateway tells of its insides to whoever has a token; nothing without one, which is told beside. Older gateways tell everybody. */
async function partsInWords(cli: Cli, options: GatewayOptions): Promise<Record<string, unknown>> {
  try {
    const { ok: _ok, ...parts } = await (await connect(cli, options)).healthInWords();
    return parts;
  } catch (error) {
    if (!(error instanceof CliFailure) || isInterrupted(error)) throw error;
    return {};
  }
}

/** What the gateway says of a part: true or false, `ok` or what is wrong, or an object with `ok`; anything else is told as it is. */
function partFinding(name: string, value: unknown, allWell: boolean): Finding {
  const check = `gateway ${oneLine(name)}`;
  const state = typeof value === 'object' && value !== null ? (value as { ok?: unknown }).ok : value;
  const wrong =
    state === false || (!allWell && dependencies.includes(name) && typeof state === 'string' && state !== 'ok');
  if (!wrong) return { check, ok: true, says: partText(value) };
  const known = nextFor.get(name);
  if (known !== undefined) return { check, ok: false, says: partText(value), next: known };
  const next = `The gateway cannot use its ${oneLine(name)} now. Releases that run go on; nothing new can be started or decided until it is back.`;
  return { check, ok: false, says: partText(value), next };
}

/** Of parts without which the gateway goes on. */
const nextFor = new Map([
  [
    'policy',
    'The operator must correct the policy file of the gateway; `slipway validate --policy-only FILE`, where that file is, tells every problem. Look at the workers’ logs too: each reads its own.',
  ],
  [
    'people',
    'Whoever is asked would be refused: give people of that group a token (SLIPWAY_TOKENS of the gateway), or correct the name in the policy file.',
  ],
  [
    'tokens',
    'The operator must correct the file that SLIPWAY_TOKENS of the gateway names: until then nobody is known. It is read at each request.',
  ],
  [
    'evidence',
    'The operator must look at the destination in SLIPWAY_AUDIT_SHIP of the gateway. What could not be sent is kept, and sent in order when it is back.',
  ],
  [
    'slack',
    'Releases, and every other door, go on. The operator must look at the secrets of Slack, where the gateway is: `slipway setup --check` asks Slack itself.',
  ],
]);

const dependencies = ['temporal', 'records', 'tokens'];

function partText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'ok' : 'away';
  if (typeof value !== 'object' || value === null) return String(value);
  const rest = Object.entries(value).filter(([key]) => key !== 'ok');
  if (rest.length === 0) return (value as { ok?: unknown }).ok === false ? 'away' : 'ok';
  // What is said of it needs no name.
  return rest
    .map(([key, inner]) =>
      key === 'says' ? String(inner) : `${key} ${typeof inner === 'string' ? inner : JSON.stringify(inner)}`,
    )
    .join(', ');
}

async function checkToken(cli: Cli, options: GatewayOptions): Promise<Finding> {
  try {
    const { id, groups } = await (await connect(cli, options)).me();
    return {
      check: 'token',
      ok: true,
      says: `you are ${id}${groups.length > 0 ? `, of ${groups.join(', ')}` : ', in no group'}`,
    };
  } catch (error) {
    return findingOf('token', error);
  }
}

/** Whether every run has workers of its version, which may be stopped, and whether every kind of step has workers. */
async function checkEngine(cli: Cli, options: GatewayOptions): Promise<Finding[]> {
  try {
    const { versions, queues } = await (await connect(cli, options)).engine();
    return [
      ...judgeVersions(versions).map((finding) => ({ check: 'engine version', ...finding })),
      ...judgeQueues(queues).map((finding) => ({ check: 'workers', ...finding })),
    ];
  } catch (error) {
    // A gateway of the version before this one cannot tell.
    if (error instanceof CliFailure && error.details.code === 'not-found') return [];
    return [findingOf('engine version', error)];
  }
}

function findingOf(check: string, error: unknown): Finding {
  if (!(error instanceof CliFailure) || isInterrupted(error)) throw error;
  return { check, ok: false, says: error.details.message, next: error.details.next };
}

function inTheOpen(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

function tokenInTheOpen(url: string): Finding {
  const says = `${url} is not encrypted and not on this machine: your token can be read on the way`;
  return { check: 'connection', ok: false, says, next: 'Use the https address of the gateway.' };
}
