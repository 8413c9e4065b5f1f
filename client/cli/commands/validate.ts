import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Problem } from '../../../pipeline/index.ts';
import { runs, type Cli } from '../cli.ts';
import { withoutGateway } from '../connect.ts';
import { foundProblems } from '../exit-codes.ts';
import { namedFile } from '../read-file.ts';
import { safeJson, safeText } from '../safe-text.ts';
import { plural } from '../words.ts';

interface ValidateOptions {
  policy?: string;
  policyOnly?: string;
  json?: boolean;
}

const examples = `
Examples:
  slipway validate
  slipway validate deploy/slipway.yaml --policy /etc/slipway/policy.yaml
  slipway validate --policy-only /etc/slipway/policy.yaml      the policy file alone`;

const usual = 'slipway.yaml';
const next = 'Name the file: slipway validate path/to/slipway.yaml --policy path/to/policy.yaml';

export function registerValidate(program: Command, cli: Cli): void {
  withoutGateway(program.command('validate'))
    .description('check a pipeline file, on this machine; every problem with its line')
    .argument('[file]', `the pipeline file (default: ${usual})`)
    .option(
      '--policy <file>',
      "check this operator's policy file too, and that it allows what the pipeline file asks for",
    )
    .option('--policy-only <file>', 'the policy file alone, also where a slipway.yaml is')
    .addHelpText('after', examples)
    .action(
      runs(cli, async (file: string | undefined, { policyOnly, ...options }: ValidateOptions) => {
        if (policyOnly !== undefined) return validatePolicy(cli, policyOnly, options);
        if (file === undefined && options.policy !== undefined && !(await isThere(cli, usual)))
          return validatePolicy(cli, options.policy, options);
        return validate(cli, file ?? usual, options);
      }),
    );
}

async function isThere({ io }: Cli, file: string): Promise<boolean> {
  return access(resolve(io.cwd, file)).then(
    () => true,
    () => false,
  );
}

async function validatePolicy(cli: Cli, file: string, { json }: ValidateOptions): Promise<number> {
  const [text, { loadPolicy, policyWarnings }] = await Promise.all([
    namedFile(file, cli, next),
    import('../../../pipeline/index.ts'),
  ]);
  const loaded = loadPolicy(text, file);
  return conclude(cli, {
    problems: loaded.ok ? [] : loaded.problems,
    warnings: loaded.ok ? [...loaded.warnings, ...policyWarnings(loaded.policy)] : [],
    well: `${file}: no problems, looked at alone`,
    json,
  });
}

async function validate(cli: Cli, file: string, { policy, json }: ValidateOptions): Promise<number> {
  const [pipelineSource, policySource, files] = await Promise.all([
    namedFile(file, cli, next),
    policy === undefined ? undefined : namedFile(policy, cli, next),
    import('../../../pipeline/index.ts'),
  ]);
  const now = cli.io.now();
  const loaded = files.loadPipeline(pipelineSource, file);
  const rules = policySource && files.loadPolicy(policySource, policy!);
  const problems = [loaded, ...(rules ? [rules] : [])].flatMap((one) => (one.ok ? [] : one.problems));
  const warnings = [
    ...(loaded.ok ? files.pipelineWarnings(loaded.pipeline, now) : []),
    ...(rules?.ok ? [...rules.warnings, ...files.policyWarnings(rules.policy)] : []),
  ];
  if (loaded.ok && rules?.ok) {
    // The repository that is checked is taken for the right one: nobody can tell where a file comes from.
    const repository = rules.policy.content.services[loaded.pipeline.content.service]?.repository ?? '';
    problems.push(...files.contradictions({ pipeline: loaded.pipeline, policy: rules.policy, repository, now }));
    warnings.push(...files.sharedWarnings(loaded.pipeline, rules.policy));
  }
  const compared = loaded.ok && (rules?.ok ?? true);
  return conclude(cli, {
    problems,
    warnings,
    well: `${file}: no problems${policy ? allowed(policy) : ''}`,
    ...(policy !== undefined && !compared && { notCompared: whyNotCompared(file, policy) }),
    json,
  });
}

interface Conclusion {
  problems: Problem[];
  warnings: Problem[];
  /** What is said where there are no problems. */
  well: string;
  /** Why nobody could hold the one against the other, where both are given. */
  notCompared?: string;
  json: boolean | undefined;
}

async function conclude(cli: Cli, { problems, warnings, well, notCompared, json }: Conclusion): Promise<number> {
  const { formatProblems } = await import('../../../pipeline/index.ts');
  const ok = problems.length === 0;
  if (json)
    cli.printJson('validate', {
      ok,
      problems: safeJson(problems) as Problem[],
      warnings: safeJson(warnings) as Problem[],
      ...(notCompared !== undefined && { notCompared }),
    });
  else {
    cli.print(report(problems, warnings, formatProblems, well));
    if (notCompared !== undefined) cli.print([safeText(notCompared)]);
  }
  return ok ? 0 : foundProblems;
}

const whyNotCompared = (file: string, policy: string) =>
  `Whether ${policy} allows what ${file} asks for was not looked at: that can be once these are right.`;

const allowed = (policy: string) => `, and nothing that ${policy} does not allow`;

function report(problems: Problem[], warnings: Problem[], format: (some: Problem[]) => string, well: string): string[] {
  const warned = warnings.length > 0 ? [safeText(format(warnings)), plural(warnings.length, 'warning')] : [];
  if (problems.length === 0) return [...warned, well];
  return [...warned, safeText(format(problems)), plural(problems.length, 'problem')];
}
