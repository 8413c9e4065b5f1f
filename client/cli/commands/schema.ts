import type { Command } from 'commander';
import { runs, type Cli } from '../cli.ts';
import { safeDocument } from '../safe-text.ts';

const examples = `
Examples:
  slipway schema > slipway.schema.json
  slipway schema --policy > slipway-policy.schema.json`;

export function registerSchema(program: Command, cli: Cli): void {
  program
    .command('schema')
    .description('print the JSON Schema of slipway.yaml, for editors')
    .option('--policy', "of the operator's policy file instead")
    .addHelpText('after', examples)
    .action(
      runs(cli, async ({ policy }: { policy?: boolean }) => {
        const { pipelineJsonSchema, policyJsonSchema } = await import('../../../pipeline/index.ts');
        cli.printAsIs(safeDocument(policy ? policyJsonSchema() : pipelineJsonSchema()));
        return 0;
      }),
    );
}
