import type { Command } from 'commander';
import type { Explained, Pipeline, Policy, Problem } from '../../../pipeline/index.ts';
import { runs, type Cli } from '../cli.ts';
import { withoutGateway } from '../connect.ts';
import { foundProblems } from '../exit-codes.ts';
import { usageFailure } from '../failures.ts';
import { table } from '../layout.ts';
import { namedFile } from '../read-file.ts';
import { safeJson, safeText } from '../safe-text.ts';
import { plural } from '../words.ts';

interface ExplainOptions {
  policy: string;
  pipeline?: string;
  branch?: string;
  json?: boolean;
}

const examples = `
Examples:
  slipway policy explain shop production --policy /etc/slipway/policy.yaml
  slipway policy explain shop production --policy policy.yaml --pipeline slipway.yaml --branch main`;

export function registerPolicy(program: Command, cli: Cli): void {
  const policy = program
    .command('policy')
    .description("what the operator's policy says, on this machine")
    .addHelpText('after', examples);
  withoutGateway(policy.command('explain'))
    .description('what is in force for a service in an environment, and which line says so')
    .argument('<service>')
    .argument('<environment>')
    .requiredOption('--policy <file>', "the operator's policy file")
    .option('--pipeline <file>', 'the slipway.yaml of the service: what it asks for beyond the policy')
    .option('--branch <name>', 'whether this branch may be released there')
    .addHelpText('after', examples)
    .action(
      runs(cli, (service: string, environment: string, options: ExplainOptions) =>
        explainPlace(cli, { service, environment }, options),
      ),
    );
}

interface Place {
  service: string;
  environment: string;
}

interface Files {
  policy: Policy;
  pipeline: Pipeline | undefined;
}

interface Answer {
  rows: Explained[];
  branch?: { name: string; mayBeReleased: boolean };
  problems: Problem[];
}

async function explainPlace(cli: Cli, place: Place, options: ExplainOptions): Promise<number> {
  const { loadPolicy, loadPipeline } = await import('../../../pipeline/index.ts');
  const { policy: policyFile, pipeline: pipelineFile } = options;
  const policySource = await namedFile(policyFile, cli, 'Name the file: --policy path/to/policy.yaml');
  const policy = loadPolicy(policySource, policyFile);
  const pipeline =
    pipelineFile === undefined
      ? undefined
      : loadPipeline(
          await namedFile(pipelineFile, cli, 'Name the file: --pipeline path/to/slipway.yaml'),
          pipelineFile,
        );
  const problems = [policy, ...(pipeline ? [pipeline] : [])].flatMap((loaded) => (loaded.ok ? [] : loaded.problems));
  const read = policy.ok && (pipeline?.ok ?? true);
  const files = read && { policy: policy.policy, pipeline: pipeline?.ok ? pipeline.pipeline : undefined };
  const answer = files ? await answerOf(cli, place, files, options.branch) : { rows: [], problems };
  const ok = answer.problems.length === 0 && answer.branch?.mayBeReleased !== false;
  if (options.json) cli.printJson('policy-explain', { ok, ...place, ...(safeJson(answer) as Answer) });
  else cli.print(await textOf(place, answer));
  return ok ? 0 : foundProblems;
}

async function answerOf(cli: Cli, place: Place, files: Files, branch: string | undefined): Promise<Answer> {
  const { branchMatches, contradictions, explain } = await import('../../../pipeline/index.ts');
  const { policy, pipeline } = files;
  const { service, environment } = place;
  mustBeThere(place, files);
  const { repository, environments } = policy.content.services[service]!;
  const problems = pipeline ? contradictions({ pipeline, policy, environment, repository, now: cli.io.now() }) : [];
  const rows = explain({ policy, pipeline, service, environment });
  if (branch === undefined) return { rows, problems };
  const lists = [environments[environment], pipeline?.content.environments[environment]].flatMap((one) => one ?? []);
  const mayBeReleased = lists.every(({ branches }) => branches.some((pattern) => branchMatches(pattern, branch)));
  return { rows, problems, branch: { name: branch, mayBeReleased } };
}

/** Both files must know the place: what holds for a name that stands nowhere is nothing. */
function mustBeThere({ service, environment }: Place, { policy, pipeline }: Files): void {
  const { services, environments } = policy.content;
  const reached = Object.hasOwn(services, service) ? Object.keys(services[service]!.environments) : undefined;
  if (reached === undefined) throw unknown(`the policy has no service "${service}"`, Object.keys(services));
  if (!reached.includes(environment) || !Object.hasOwn(environments, environment))
    throw unknown(`the policy does not let ${service} into "${environment}"`, reached);
  if (!pipeline) return;
  const mine = pipeline.content;
  if (mine.service !== service) throw unknown(`${pipeline.file} is not of "${service}"`, [mine.service]);
  if (!Object.hasOwn(mine.environments, environment))
    throw unknown(`${pipeline.file} has no environment "${environment}"`, Object.keys(mine.environments));
}

function unknown(message: string, known: readonly string[]): Error {
  return usageFailure(safeText(message), `Known here: ${safeText(known.join(', '))}`);
}

const titles = { 'in force': 'In force', allowed: 'What slipway.yaml may choose among' } as const;

async function textOf({ service, environment }: Place, { rows, branch, problems }: Answer): Promise<string[]> {
  const { formatProblems, writtenValue } = await import('../../../pipeline/index.ts');
  const parts = (['in force', 'allowed'] as const).flatMap((part) => {
    const cells = rows.filter((row) => row.part === part).map(({ key, value, by }) => [key, writtenValue(value), by]);
    return cells.length === 0 ? [] : ['', titles[part], ...table(cells, '  ').map(safeText)];
  });
  const said = branch && `The branch ${branch.name} ${branch.mayBeReleased ? 'may' : 'may not'} be released there.`;
  const refused = [safeText(formatProblems(problems)), plural(problems.length, 'problem')];
  return [
    ...(parts.length > 0 ? [`${service} in ${environment}`] : []),
    ...parts,
    ...(said ? ['', safeText(said)] : []),
    ...(problems.length > 0 ? [...(parts.length > 0 ? ['', 'A release would be refused:'] : []), ...refused] : []),
  ];
}
