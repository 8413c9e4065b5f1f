import { decisionCommands } from '../../domain/decision-commands.ts';
import type { ReleaseView } from '../../domain/contract/gateway.ts';
import { shortName } from '../../domain/short-names.ts';
import { labPeople } from '../people.ts';
import type { LabEngine } from '../world.ts';

/** Where people decide in the lab. */
export type DecidedAt = Pick<LabEngine, 'gatewayUrl' | 'tokenFiles'>;

/** What a person is told who is waited for: where they say yes, or what follows a failure, on the page and by commands. */
export function askLines(view: ReleaseView, { gatewayUrl, tokenFiles }: DecidedAt): string[] {
  const isHeld = view.status?.stage === 'held';
  const decisions = isHeld ? view.status?.waitingFor?.decisions : (['approve'] as const);
  const commands = decisionCommands(shortName(view), decisions).map(
    (command) =>
      `${command.replace('slipway', 'npm run slipway --')} --gateway ${gatewayUrl} --token-file ${tokenFiles.approver}`,
  );
  return [
    '',
    isHeld ? 'It is held: somebody decides how it goes on.' : 'It waits for your yes.',
    ...(view.pageUrl === undefined ? [] : [`On its page, as ${labPeople.approver}:`, `  ${view.pageUrl}`]),
    'By a command, in another terminal, in this checkout:',
    ...commands.map((command) => `  ${command}`),
    '',
  ];
}

/** Of what is waited for now: another one is told of again. */
export function askedFor({ open, status }: ReleaseView): string | undefined {
  if (!open || !status) return undefined;
  const { stage, planHash, timings } = status;
  if (stage === 'awaiting-approval') return planHash;
  return stage === 'held' ? `held ${timings.findLast((one) => one.stage === 'held')?.startedAt ?? ''}` : undefined;
}
