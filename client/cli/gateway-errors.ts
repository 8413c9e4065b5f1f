import type { GatewayError, ProblemInFile } from '../../domain/contract/gateway.ts';
import { otherExitCodes } from '../../domain/outcomes.ts';
import { CliFailure } from './failures.ts';
import type { GatewayRequest } from './gateway-http.ts';
import { duration } from './words.ts';
import { oneLine, safeJson, safeText } from './safe-text.ts';
import { head } from '../../domain/whole-text.ts';

export interface GatewayAnswer {
  status: number;
  body: string;
  /** After how long it may be asked again, where the answer says so. */
  retryAfterMs?: number;
}

interface Answered {
  url: string;
  request: GatewayRequest;
  answer: GatewayAnswer;
  /** The parsed body; undefined when it is not JSON. */
  parsed: unknown;
}

/** For somebody who may not do what they have asked for. */
export const askWhoMay = 'Ask somebody whose group the operator policy names, or use a token that may do this.';

const nextByStatus: Record<number, string> = {
  400: 'Correct what the message names; `--help` shows how.',
  401: 'Log in (slipway login), or set SLIPWAY_TOKEN to a token this gateway knows.',
  403: askWhoMay,
  404: 'Check the id; `slipway releases` lists what there is.',
  409: 'Look at how it stands now with `slipway status ID --why`, then decide again.',
  422: 'Correct the pipeline file; `slipway validate` checks it without starting anything.',
  429: 'Nothing was done. Wait a minute, and ask less often: one token serves everything that uses it.',
  503: 'Nothing is lost: what runs goes on. Try again in a moment; `slipway doctor` shows what is away.',
};

/** What an answer that is not the wanted one means for the person at the terminal. */
export function failureOfAnswer({ url, request, answer, parsed }: Answered): CliFailure {
  const { status } = answer;
  const error = gatewayErrorIn(parsed);
  if (!error) return notTheGateway(url, request, answer);
  const refusedFor = longMeasure(answer);
  const temporary = [429, 502, 503, 504].includes(status) && refusedFor === undefined;
  const next = error.next ?? nextByStatus[status] ?? 'See `slipway doctor`, and the log of the gateway.';
  const again = refusedFor === undefined ? '' : ` The same is taken again in ${duration(refusedFor)}.`;
  return new CliFailure({
    code: oneLine(error.code),
    message: messageOf(error),
    next: oneLine(next + again),
    exitCode: refusedFor === undefined ? exitCodeOfStatus(status) : otherExitCodes.refused,
    ...(error.problems ? { problems: error.problems } : {}),
    gateway: { status, temporary },
  });
}

const aMinute = 60_000;

/** For whom a measure is full that lasts longer than anybody waits: they are refused, and nothing is wrong with the gateway. */
function longMeasure({ status, retryAfterMs = 0 }: GatewayAnswer): number | undefined {
  return status === 429 && retryAfterMs > aMinute ? retryAfterMs : undefined;
}

/** For an answer that is JSON and 2xx, but not what the API promises. */
export function unexpectedAnswer(what: string): CliFailure {
  return new CliFailure({
    code: 'unexpected-answer',
    message: `the gateway answered, but not with ${what}`,
    next: 'Check that --gateway is the address of a slipway gateway, of a version that fits this command.',
    exitCode: otherExitCodes.unreachable,
    gateway: { status: 200, temporary: false },
  });
}

function notTheGateway(
  url: string,
  { method, path }: GatewayRequest,
  { status, body }: Answered['answer'],
): CliFailure {
  const said = oneLine(head(body, 200));
  const gone = status >= 500 || status === 429;
  return new CliFailure({
    code: gone ? 'unreachable' : 'not-a-gateway',
    message: `${method} ${url}${path} answered ${status}, not in the way a slipway gateway does${said ? `: ${said}` : ''}`,
    next: 'Check that --gateway (or SLIPWAY_GATEWAY) is the address of a slipway gateway, without a path.',
    exitCode: otherExitCodes.unreachable,
    gateway: { status, temporary: gone },
  });
}

function gatewayErrorIn(parsed: unknown): GatewayError | undefined {
  const error = (parsed as { error?: unknown } | null | undefined)?.error;
  if (typeof error !== 'object' || error === null) return undefined;
  const safe = safeJson(error) as Partial<Record<keyof GatewayError, unknown>>;
  if (typeof safe.code !== 'string' || typeof safe.message !== 'string') return undefined;
  return {
    code: safe.code,
    message: safe.message,
    ...(typeof safe.next === 'string' && safe.next ? { next: safe.next } : {}),
    ...(typeof safe.detail === 'string' ? { detail: safe.detail } : {}),
    ...(Array.isArray(safe.problems) ? { problems: safe.problems.filter(isProblem) } : {}),
  };
}

/** As its schema in client/answers has it, which would cost every command the time to load zod. */
function isProblem(value: unknown): value is ProblemInFile {
  const {
    file,
    line,
    column,
    endColumn = 0,
    path = '',
    message,
    hint = '',
    correction = '',
  } = (value ?? {}) as Partial<Record<keyof ProblemInFile, unknown>>;
  const texts = [file, path, message, hint, correction];
  const counts = [line, column, endColumn];
  return (
    texts.every((one) => typeof one === 'string') &&
    counts.every((one) => typeof one === 'number' && Number.isSafeInteger(one) && one >= 0)
  );
}

function messageOf({ message, detail }: GatewayError): string {
  const first = safeText(message).trim();
  return detail && !first.includes(detail.trim()) ? `${first}: ${detail.trim()}` : first;
}

function exitCodeOfStatus(status: number): number {
  // What the command line names is not right, or not there.
  if (status === 400 || status === 404) return otherExitCodes.usage;
  return status >= 500 || status === 429 ? otherExitCodes.unreachable : otherExitCodes.refused;
}
