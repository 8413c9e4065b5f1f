import type { GatewayError } from '../../domain/contract/gateway.ts';
import { otherExitCodes } from '../../domain/outcomes.ts';

export interface CliFailureDetails {
  /** Stable, for programs: `usage`, `interrupted`, … or the gateway's own code. */
  code: string;
  message: string;
  /** What the person can do now. */
  next: string;
  exitCode: number;
  problems?: NonNullable<GatewayError['problems']>;
  /** Ids a program needs to go on: release, request key, decision. */
  ids?: Record<string, string>;
}

/** What the gateway, or the way to it, said. `temporary` means: the same request may well succeed later. */
export interface GatewayFailureDetails extends CliFailureDetails {
  gateway: { status?: number; temporary: boolean };
}

/** The only error that commands throw on purpose: a message, a next step and an exit code. */
export class CliFailure extends Error {
  readonly details: CliFailureDetails | GatewayFailureDetails;

  constructor(details: CliFailureDetails | GatewayFailureDetails) {
    super(details.message);
    this.name = 'CliFailure';
    this.details = details;
  }
}

export type GatewayFailure = CliFailure & { details: GatewayFailureDetails };

export function isGatewayFailure(error: unknown): error is GatewayFailure {
  return error instanceof CliFailure && 'gateway' in error.details;
}

export function isTemporary(error: unknown): error is GatewayFailure {
  return isGatewayFailure(error) && error.details.gateway.temporary;
}

/** The code of a stream on which nothing has ever come, not even a sign of life. */
export const silent = 'silent';

/** Nobody knows whether it was done. Who is told that they ask too often knows: nothing was. */
export function mayHaveArrived(error: unknown): error is GatewayFailure {
  return isTemporary(error) && error.details.gateway.status !== 429;
}

export function usageFailure(message: string, next: string): CliFailure {
  return new CliFailure({ code: 'usage', message, next, exitCode: otherExitCodes.usage });
}

export function refusedFailure(message: string, next: string): CliFailure {
  return new CliFailure({ code: 'refused', message, next, exitCode: otherExitCodes.refused });
}

export function interruptedFailure(): CliFailure {
  return new CliFailure({
    code: 'interrupted',
    message: 'interrupted',
    next: 'Run the command again when you want to.',
    exitCode: otherExitCodes.interrupted,
  });
}

export function isInterrupted(error: unknown): error is CliFailure & { details: { code: 'interrupted' } } {
  return error instanceof CliFailure && error.details.code === 'interrupted';
}

/** The same failure with another next step, or with ids that let the caller go on. */
export function amended(failure: CliFailure, change: Partial<CliFailureDetails>): CliFailure {
  return new CliFailure({ ...failure.details, ...change });
}
