import { amended, CliFailure, isGatewayFailure } from '../cli/failures.ts';
import { askWhoMay } from '../cli/gateway-errors.ts';
import { otherExitCodes } from '../../domain/outcomes.ts';
import type { Inputs } from './inputs.ts';

/** What to do about it where nobody sits at a command line: the words of the command name options that a step has not. */
export function inAJob(error: unknown, { gateway, audience, request }: Inputs, repositoryId: string): CliFailure {
  if (!(error instanceof CliFailure)) return unexpected(error);
  const next = nextHere(error, { gateway, audience, service: request.service, repositoryId });
  return next === undefined ? error : amended(error, { next });
}

interface Known {
  gateway: string;
  audience: string;
  service: string;
  repositoryId: string;
}

function nextHere(failure: CliFailure, { gateway, audience, service, repositoryId }: Known): string | undefined {
  const { code, next } = failure.details;
  if (code === 'unreachable')
    return `Check the input \`gateway\`, and that this runner reaches it. Whatever was started goes on; a job that is run again finds it.`;
  if (code === 'not-a-gateway' || code === 'unexpected-answer')
    return `Check that the input \`gateway\` (${gateway}) is the address of a slipway gateway, of a version that fits this action.`;
  if (code === 'older-commit')
    return 'Release a commit that has it in its past. Where going back is what you want: `slipway rollback`, or `downgrade: true`, of which the plan tells whoever approves it.';
  if (code === 'asked-otherwise')
    return 'Ask for the same to follow it, or start the workflow anew with `new-attempt: true` to have your own.';
  if (!isGatewayFailure(failure)) return undefined;
  const { status } = failure.details.gateway;
  if (status === 400) return 'Correct the input that the message names.';
  if (status === 401)
    return `The gateway takes tokens that are made for its SLIPWAY_GITHUB_AUDIENCE, and none where that is not set: this one was made for ${audience}. The input \`audience\` must be the same.`;
  // Who has said nothing better: the gateway names no environments of GitHub to whoever is in another.
  if (status === 403 && next === askWhoMay)
    return `A job may release its own commit from its own branch. Where the policy names an environment of GitHub (\`services.${service}.environments.E.github\`), the job must have it: \`environment: …\` beside its \`runs-on\`. Whose jobs may at all, \`access\` of the policy says.`;
  if (status === 404)
    return `Check the inputs \`service\` and \`environment\`. The operator lets the repository with the number ${repositoryId} release it: \`services.${service}.github.repository\` of the policy.`;
  if (status === 429) return 'Nothing more was done. Run the job again in a minute.';
  return undefined;
}

function unexpected(error: unknown): CliFailure {
  return new CliFailure({
    code: 'unexpected',
    message: `unexpected: ${error instanceof Error ? error.message : String(error)}`,
    next: 'This is a defect of slipway. A release that was started goes on; `slipway releases` lists it.',
    // Never 1: that would say that a release failed.
    exitCode: otherExitCodes.unreachable,
  });
}
