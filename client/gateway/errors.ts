import type { GatewayError } from '../../domain/contract/gateway.ts';
import { AskedOtherwise } from '../../activities/records/port.ts';
import { redactedHead } from '../../activities/shared/redact.ts';
import { NoAnswer } from '../no-answer.ts';
import { temporalAway } from '../temporal-away.ts';
import { Failure } from '../../domain/errors/failure.ts';

/** An answer other than 2xx, thrown by a route. */
export class Refused extends Error {
  readonly status: number;
  readonly body: GatewayError;
  /** When it may be tried again. */
  readonly retryAfterSeconds: number | undefined;
  constructor(status: number, code: string, message: string, next?: string, retryAfterSeconds?: number) {
    super(message);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
    this.body = { code, message, ...(next && { next }) };
  }
}

const mostDetail = 20_000;

/** What the caller is told of an error: ours in full, everything else without its insides. */
export function answerOf(
  error: unknown,
  requestId?: string,
): {
  status: number;
  body: GatewayError;
  retryAfterSeconds?: number | undefined;
} {
  if (error instanceof Refused) return error;
  if (error instanceof Failure) {
    const { details } = error;
    const status =
      details.kind === 'retryable'
        ? 503
        : details.code.startsWith('SLIP-CFG') || details.code.startsWith('SLIP-SRC')
          ? 422
          : 409;
    const detail = redactedHead(details.detail, mostDetail);
    return { status, body: { ...details, detail, message: `${details.title}: ${detail}` } };
  }
  if (error instanceof AskedOtherwise) {
    const next = `Look at it (\`slipway status ${error.releaseId}\`). Ask for the same to follow it, or with --new-attempt to have your own.`;
    return { status: 409, body: { code: 'asked-otherwise', message: redactedHead(error.message, mostDetail), next } };
  }
  if (error instanceof NoAnswer) {
    const next = 'Look before you repeat it; `slipway doctor` says what is away.';
    return { status: 503, body: { code: 'unavailable', message: error.message, next } };
  }
  if (isClientError(error)) return { status: error.statusCode, body: { code: 'bad-request', message: error.message } };
  const away = temporalAway(error);
  if (away !== undefined) {
    const next = 'Check the Temporal server, then try again.';
    return { status: 503, body: { code: 'unavailable', message: away, next } };
  }
  const next = requestId && `Ask whoever runs the gateway to look for ${requestId} in its log.`;
  const message = 'the gateway failed; its log says more';
  return { status: 500, body: { code: 'internal', message, ...(next && { next }) } };
}

/** Fastify's own refusals: a body too large, JSON that is none. */
function isClientError(error: unknown): error is Error & { statusCode: number } {
  return (
    error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500
  );
}
