import type { Command } from 'commander';
import { runs, type Cli } from '../cli.ts';
import { connect } from '../connect.ts';
import {
  askReason,
  askUnlessYes,
  decidedAbout,
  requireAnswer,
  sendDecision,
  withDecision,
  type DecisionOptions,
} from '../decide.ts';

/** The decisions that are nothing but a decision. */
const decisions = [
  {
    name: 'reject',
    kind: 'reject',
    description: 'say no to the plan that a release waits with',
    example: 'slipway reject shop#142 --reason "not on a Friday"',
  },
  {
    name: 'abort',
    kind: 'abort',
    description: 'stop a release that has not changed anything yet; once it has, ask for a rollback',
    example: 'slipway abort shop#142 --reason "wrong commit"',
    question: 'Stop this release?',
  },
  {
    name: 'accept-failure',
    kind: 'accept-failure',
    description: 'leave a failed release as it is instead of rolling it back; its lane stays on hold',
    example: 'slipway accept-failure shop#142 --reason "we fix forward"',
    question: 'Leave the environment as this release left it?',
  },
  {
    name: 'retry',
    kind: 'retry',
    description: 'have a held step tried again at once, now that what stopped it is mended; it goes on where it was',
    example: 'slipway retry shop#142 --reason "the cluster is back"',
  },
] as const;

export function registerDecisions(program: Command, cli: Cli): void {
  for (const decision of decisions) {
    withDecision(program.command(decision.name).description(decision.description))
      .addHelpText('after', `\nExamples:\n  ${decision.example}`)
      .action(runs(cli, (id: string, options: DecisionOptions) => decide(cli, id, decision, options)));
  }
}

async function decide(
  cli: Cli,
  id: string,
  decision: (typeof decisions)[number],
  options: DecisionOptions,
): Promise<number> {
  const question = 'question' in decision ? decision.question : undefined;
  if (question) requireAnswer(cli, options, 'Add --yes when you are sure.');
  const gateway = await connect(cli, options);
  const release = await decidedAbout(cli, gateway, { id, options });
  if (question) await askUnlessYes(cli, options, `${release.service} → ${release.environment}: ${question}`);
  const reason = await askReason(cli, options);
  return sendDecision({ cli, gateway, release, kind: decision.kind, options: { ...options, reason } });
}
