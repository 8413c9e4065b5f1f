import { ApiException } from '@kubernetes/client-node';
import { failure, failureDetails, type ErrorCode } from '../../domain/errors/catalogue.ts';
import { Failure, type PacedFailureDetails } from '../../domain/errors/failure.ts';
import { redact, redactedHead } from './redact.ts';

/** `what` says which call it was, for example `read Deployment shop/api`. Failures that are already ours pass unchanged. */
export function clusterFailure(error: unknown, what: string): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof ApiException) return apiFailure(error, what);
  return failure('SLIP-K8S-10', `${what}: ${networkWords(error)}`);
}

/** The HTTP status that the API server answered with, if the error is an answer at all. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof ApiException ? error.code : undefined;
}

function apiFailure(error: ApiException<unknown>, what: string): Failure {
  const detail = `${what}: ${error.code} ${apiWords(error)}`;
  const retryAfterMs = retryAfter(error);
  const code = codeOf(error.code);
  if (retryAfterMs === undefined || (code !== 'SLIP-K8S-9' && code !== 'SLIP-K8S-10')) return failure(code, detail);
  const details: PacedFailureDetails = { ...failureDetails('SLIP-K8S-9', detail), retryAfterMs };
  return new Failure(details);
}

function codeOf(status: number): ErrorCode {
  switch (status) {
    case 401:
      return 'SLIP-K8S-5';
    case 403:
      return 'SLIP-K8S-6';
    case 404:
      return 'SLIP-K8S-2';
    case 409:
      return 'SLIP-K8S-7';
    case 429:
      return 'SLIP-K8S-9';
    default:
      // 408 and 410 are answers to a slow or stale reader: the next try starts afresh.
      return status >= 500 || status === 408 || status === 410 ? 'SLIP-K8S-10' : 'SLIP-K8S-8';
  }
}

/** What a `Status` object says, without the headers and the stack that the client library puts into its message. */
export function apiWords(error: ApiException<unknown>): string {
  const body = typeof error.body === 'string' ? parseJson(error.body) : error.body;
  const message = isRecord(body) && typeof body['message'] === 'string' ? body['message'] : undefined;
  // The client library drops the body of a 401.
  const fallback = typeof error.body === 'string' ? error.body : error.code === 401 ? 'Unauthorized' : '';
  return redactedHead(message ?? fallback, 1_500).trim();
}

/** Seconds or a date, as HTTP allows; undefined when the server does not say. */
function retryAfter(error: ApiException<unknown>): number | undefined {
  const header = error.headers['retry-after'];
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** undici says only "fetch failed"; the reason is in the cause. */
function networkWords(error: unknown): string {
  if (!(error instanceof Error)) return redact(String(error));
  const cause = error.cause instanceof Error ? `: ${error.cause.message || error.cause.name}` : '';
  return redact(`${error.message}${cause}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
