import { Option } from 'commander';
import type { Command } from 'commander';
import { outcomes } from '../../domain/outcomes.ts';
import { parseOwn, refused } from '../own-command.ts';
import type { Parsed } from '../own-command.ts';

export interface DemoOptions {
  /** Answers the approval. */
  yes: boolean;
  /** One JSON document on stdout; everything for people on stderr. */
  json: boolean;
  /** Everything stays up until Ctrl-C, and what waits for a person waits for one on its page, unless it is answered otherwise. */
  keep: boolean;
  /** The region whose pods will not start. */
  fail?: 'nl';
  kubernetes: boolean;
  /** Existing clusters, one for each region. */
  contexts?: [string, string];
  /** Approvals are answered in a Slack of the demo's own, which is shown. */
  slack: boolean;
  /** Builds OSV-Scanner where it is missing. */
  scan: boolean;
}

const name = 'demo';

/** Beside success, and what `1` says here. */
const otherEnds = Object.values(outcomes)
  .map(({ exitCode }) => exitCode)
  .filter((code) => code > 1);
const endCodes = `${Math.min(...otherEnds)}…${Math.max(...otherEnds)}`;

const more = `
Exit codes:
  0    what was announced has happened: the release is verified in both regions; with --fail nl it is rolled back,
       and both regions are back on the last verified release. Read back from the pods, not believed.
  1    it has not, or the demo could not be set up
  2    the command line is not right
  ${endCodes} how the release ended instead (slipway help exit-codes)
  130  Ctrl-C; everything was stopped and removed

Examples:
  npm run demo                        asks for the approval in the terminal
  npm run demo -- --keep              waits for your yes on the page of the release, and leaves everything running
  npm run demo -- --keep --fail nl    a bad release, held: you decide on its page how it goes on
  npm run demo -- --yes --fail nl     a bad release, detected and rolled back
  npm run demo -- --slack             approves by a button of a Slack on this machine
  npm run demo -- --yes --keep        approves by itself, and leaves everything running, to try the slipway command on it
  npm run demo -- --yes --json        the result as JSON, for programs`;

/** What stands after `npm run demo --`. Never throws. */
export function parseDemoOptions(argv: readonly string[], columns = 100): Parsed<DemoOptions> {
  return parseOwn({ name, describe, read: (command) => checked(command.opts()) }, argv, columns);
}

function describe(command: Command): Command {
  return command
    .description('Builds a sample shop and releases it to two regions on this machine: the real engine, end to end.')
    .option('--yes', 'approve the release without asking')
    .addOption(new Option('--fail <region>', 'release something whose pods crash in the second region').choices(['nl']))
    .option('--slack', 'approve in Slack (a stand-in on this machine), and show what its channel looks like')
    .option(
      '--keep',
      'leave everything running until Ctrl-C; the release waits for your yes on its page (--yes: it does not)',
    )
    .option('--json', 'print the result as one JSON document; progress goes to stderr')
    .option('--scan', 'also scan the images; builds OSV-Scanner where it is missing (needs Go, 3 minutes, once)')
    .option('--kubernetes', 'real regions instead of simulated ones (needs root, or kind, or k3d)')
    .option('--context <A,B>', 'with --kubernetes: two contexts of your kubeconfig, used as they are')
    .addHelpText('after', more);
}

interface Given extends Partial<Record<'yes' | 'json' | 'keep' | 'kubernetes' | 'scan' | 'slack', true>> {
  fail?: 'nl';
  context?: string;
}

function checked({ yes, json, keep, kubernetes, scan, slack, fail, context }: Given): Parsed<DemoOptions> {
  const contexts = context?.split(',').map((name) => name.trim());
  const [a, b] = contexts ?? [];
  if (contexts && !kubernetes) return refused(name, '--context needs --kubernetes');
  if (contexts && (contexts.length !== 2 || !a || !b || a === b)) {
    return refused(name, `--context ${JSON.stringify(context)} does not name two different contexts: A,B`);
  }
  return {
    kind: 'run',
    options: {
      yes: yes ?? false,
      json: json ?? false,
      keep: keep ?? false,
      kubernetes: kubernetes ?? false,
      scan: scan ?? false,
      slack: slack ?? false,
      ...(fail && { fail }),
      ...(a && b && { contexts: [a, b] }),
    },
  };
}
