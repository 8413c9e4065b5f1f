import { readBounded } from '../../activities/shared/bounded-body.ts';
import { versionHeader } from '../../domain/contract/gateway.ts';
import { otherExitCodes } from '../../domain/outcomes.ts';
import { amended, CliFailure, interruptedFailure, isTemporary, silent } from './failures.ts';
import { failureOfAnswer } from './gateway-errors.ts';
import type { Io } from './io.ts';
import { eventsIn, nothingUnread } from './server-sent-events.ts';
import type { ServerSentEvent } from './server-sent-events.ts';

export interface GatewayRequest {
  method: 'GET' | 'POST';
  /** Begins with `/`; its variable parts are already encoded. */
  path: string;
  body?: unknown;
  /** Sending it twice is the same as sending it once. */
  repeatable: boolean;
  /** Statuses beside 2xx whose body is an answer rather than an error. */
  alsoAnswers?: number[];
}

export interface GatewayHttp {
  /** The parsed body, as it came: not yet safe to print. Throws GatewayFailure. */
  send(request: GatewayRequest): Promise<unknown>;
  /** That it is open, and then what comes, as it comes, until it ends or is called off. Throws GatewayFailure: refused, broken off, or silent. */
  events(request: EventsRequest): AsyncGenerator<'open' | ServerSentEvent>;
}

export interface EventsRequest {
  path: string;
  /** Of the last event that was seen. */
  lastId?: string | undefined;
  /** Calls it off. */
  signal: AbortSignal;
}

/** What a caller is known by; where that does not last, whatever makes the one for each request. */
export type Bearer = string | (() => Promise<string>);

interface HttpOptions {
  /** `http(s)://host[:port][/prefix]`, without a slash at its end. */
  url: string;
  token?: Bearer;
  io: Pick<Io, 'signal' | 'sleep'>;
  timeoutMs?: number;
  /** Told of what the gateway says that its version is. */
  onVersion?: (said: string) => void;
}

const pausesMs = [250, 1_000];
const maxAnswerBytes = 32 * 1024 * 1024;
/** ms. On a stream something comes at once, and then every 15 s. */
const longestSilence = { atFirst: 15_000, later: 45_000 };

export function createGatewayHttp({ url, token, io, timeoutMs = 30_000, onVersion }: HttpOptions): GatewayHttp {
  const once = async (request: GatewayRequest): Promise<unknown> => {
    const answer = await exchange(request);
    const parsed = parseJson(answer.body);
    const expected = answer.ok || request.alsoAnswers?.includes(answer.status);
    if (!expected || parsed === undefined) throw failureOfAnswer({ url, request, answer, parsed });
    return parsed;
  };

  const ask = async (path: string, { headers, ...init }: RequestInit): Promise<Response> => {
    const bearer = typeof token === 'function' ? await token() : token;
    const response = await fetch(url + path, {
      ...init,
      // A redirect is an answer of something that is not the gateway; the token does not follow it.
      redirect: 'manual',
      headers: { ...headers, ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }) },
    });
    const version = response.headers.get(versionHeader);
    if (version !== null) onVersion?.(version);
    return response;
  };

  const failed = (error: unknown, limitMs: number): CliFailure => {
    if (io.signal.aborted) return interruptedFailure();
    return error instanceof CliFailure ? error : unreachable(url, describe(error, limitMs));
  };

  const exchange = async ({ method, path, body }: GatewayRequest) => {
    try {
      const response = await ask(path, {
        method,
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.any([io.signal, AbortSignal.timeout(timeoutMs)]),
      });
      return await answerIn(response);
    } catch (error) {
      throw failed(error, timeoutMs);
    }
  };

  const stream = async function* ({ path, lastId, signal }: EventsRequest): AsyncGenerator<'open' | ServerSentEvent> {
    const silence = new AbortController();
    const atFirstMs = Math.min(longestSilence.atFirst, timeoutMs);
    let limitMs = atFirstMs;
    const heard = () => setTimeout(() => silence.abort(new DOMException('', 'TimeoutError')), limitMs);
    let timer = heard();
    try {
      const response = await ask(path, {
        headers: { accept: 'text/event-stream', ...(lastId !== undefined && { 'last-event-id': lastId }) },
        signal: AbortSignal.any([io.signal, signal, silence.signal]),
      });
      if (!response.ok || !response.headers.get('content-type')?.startsWith('text/event-stream')) {
        const answer = await answerIn(response);
        const request = { method: 'GET', path, repeatable: true } as const;
        throw failureOfAnswer({ url, request, answer, parsed: parseJson(answer.body) });
      }
      yield 'open';
      let unread = nothingUnread;
      for await (const text of textIn(response)) {
        limitMs = longestSilence.later;
        clearTimeout(timer);
        timer = heard();
        const read = eventsIn(text, unread, maxAnswerBytes);
        unread = read.unread;
        yield* read.events;
      }
    } catch (error) {
      const failure = failed(error, limitMs);
      const isSilent = silence.signal.aborted && limitMs === atFirstMs;
      throw isSilent ? amended(failure, { code: silent }) : failure;
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
  };

  return {
    events: stream,
    async send(request) {
      for (const pause of request.repeatable ? pausesMs : []) {
        try {
          return await once(request);
        } catch (error) {
          if (!isTemporary(error)) throw error;
          await io.sleep(pause, io.signal).catch(() => {
            throw interruptedFailure();
          });
        }
      }
      return once(request);
    },
  };
}

async function answerIn(response: Response) {
  const { ok, status, headers } = response;
  return { ok, status, body: await readLimited(response), ...retryAfter(headers) };
}

async function* textIn({ body }: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) yield decoder.decode(chunk, { stream: true });
}

/** In seconds, as the gateway writes it; the other form, a date, is of something in between. */
function retryAfter(headers: Headers): { retryAfterMs?: number } {
  const said = headers.get('retry-after') ?? '';
  return /^\d{1,9}$/.test(said) ? { retryAfterMs: Number(said) * 1_000 } : {};
}

async function readLimited({ body }: Response): Promise<string> {
  const read = await readBounded(body as AsyncIterable<Uint8Array> | null, maxAnswerBytes);
  if (!read) throw new Error(`the answer is larger than ${maxAnswerBytes} bytes`);
  return read.toString('utf8');
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `fetch failed` says nothing: the reason is in the cause. */
function describe(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1_000} s`;
  const cause = error.cause;
  if (cause instanceof Error)
    return ('code' in cause && cause.message === '' ? String(cause.code) : cause.message) || error.message;
  return error.message;
}

function unreachable(url: string, reason: string): CliFailure {
  return new CliFailure({
    code: 'unreachable',
    message: `the gateway at ${url} cannot be reached: ${reason}`,
    next: 'Check --gateway (or SLIPWAY_GATEWAY) and that the gateway runs; `slipway doctor` looks closer.',
    exitCode: otherExitCodes.unreachable,
    gateway: { temporary: true },
  });
}
