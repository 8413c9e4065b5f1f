import type { Cli } from '../../client/cli/cli.ts';
import type { Io } from '../../client/cli/io.ts';
import type { GatewayClient } from '../../client/cli/gateway-client.ts';
import { planText } from '../../client/cli/plan-text.ts';
import { planToShow } from '../../client/cli/plan-to-show.ts';
import type { ReleaseView } from '../../domain/contract/gateway.ts';
import { arePagesBuilt } from '../../workers/built-pages.ts';
import { isDecidedOnPages } from './dashboard.ts';
import type { Narrator } from './narrator.ts';
import type { DemoOptions } from './options.ts';

/** How the approval of a release is answered: by a person here or on its page, by `--yes`, or by the lab's approver alone. */
export type Answering = 'asked' | 'on its page' | '--yes' | 'no terminal' | 'preparation';
/** Of those that send a decision from here. */
type AnsweredHere = Exclude<Answering, 'on its page'>;

export interface ApprovalNeeds {
  cli: Cli;
  narrator: Narrator;
  /** With the approver's token: nobody approves what they have asked for themselves. */
  gateway: GatewayClient;
  answering: AnsweredHere;
  /** Presses Approve in Slack, where the demo has one. */
  pressInSlack?: (releaseId: string) => Promise<void>;
}

const reasons: Record<AnsweredHere, string> = {
  asked: "answered in the demo's terminal",
  '--yes': 'answered by --yes',
  'no terminal': "answered by the lab's approver: there is no terminal to ask in",
  preparation: "answered by the lab's approver: this release only makes something to fall back on",
};

/** Who answers, given the options and whether there is a person. */
export function answeringOf(
  options: Pick<DemoOptions, 'keep' | 'yes' | 'json' | 'slack'>,
  { io }: { io: Pick<Io, 'isTTY'> },
  hasPages = arePagesBuilt(),
): Answering {
  if (options.yes) return '--yes';
  if (isDecidedOnPages(options, hasPages)) return 'on its page';
  return io.isTTY.stdin && io.isTTY.stderr && !options.json ? 'asked' : 'no terminal';
}

/** Shows what will change, gets the answer, and sends it as a decision about exactly this plan. Repeating it counts once. */
export async function answerApproval(
  needs: ApprovalNeeds,
  { releaseId }: ReleaseView,
  planHash: string,
): Promise<void> {
  const { cli, narrator, gateway, answering, pressInSlack } = needs;
  // Where Slack is watched, what changes stands in its thread.
  if (answering === 'asked' || (answering !== 'preparation' && !pressInSlack)) {
    narrator.block(['', ...planText(cli, await planToShow(gateway, planHash), {}), '']);
  }
  const yes =
    answering !== 'asked' ||
    (await cli.confirm(`  Approve this plan for production${pressInSlack ? ', in Slack' : ''}?`));
  if (answering === 'asked') narrator.block(['']);
  if (yes && pressInSlack) return pressInSlack(releaseId);
  await gateway.decide(releaseId, {
    decisionId: `demo-${planHash.replace('sha256:', '').slice(0, 24)}`,
    kind: yes ? 'approve' : 'reject',
    planHash,
    channel: 'demo',
    reason: yes ? reasons[answering] : "said no in the demo's terminal",
  });
}
