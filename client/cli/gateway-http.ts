import { versionHeader } from '../../domain/contract/gateway.ts';
import { otherExitCodes } from '../../domain/outcomes.ts';
import { CliFailure, interruptedFailure, isTemporary } from './failures.ts';
import { failureOfAnswer } from './gateway-errors.ts';
import type { Io } from './io.ts';

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
}

interface HttpOptions {
  /** `http(s)://host[:port][/prefix]`, without a slash at its end. */
  url: string;
  token?: string;
  io: Pick<Io, 'signal' | 'sleep'>;
  timeoutMs?: number;
  /** Told of what the gateway says that its version is. */
  onVersion?: (said: string) => void;
}

const pausesMs = [250, 1_000];
const maxAnswerBytes = 32 * 1024 * 1024;

export function createGatewayHttp({ url, token, io, timeoutMs = 30_000, onVersion }: HttpOptions): GatewayHttp {
  const once = async (request: GatewayRequest): Promise<unknown> => {
    const answer = await exchange(request);
    const parsed = parseJson(answer.body);
    const expected = answer.ok || request.alsoAnswers?.includes(answer.status);
    if (!expected || parsed === undefined) throw failureOfAnswer({ url, request, answer, parsed });
    return parsed;
  };

  const exchange = async ({ method, path, body }: GatewayRequest) => {
    try {
      const response = await fetch(url + path, {
        method,
        // A redirect is an answer of something that is not the gateway; the token does not follow it.
        redirect: 'manual',
        headers: {
          accept: 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.any([io.signal, AbortSignal.timeout(timeoutMs)]),
      });
      const { ok, status, headers } = response;
      const version = headers.get(versionHeader);
      if (version !== null) onVersion?.(version);
      return { ok, status, body: await readLimited(response), ...retryAfter(headers) };
    } catch (error) {
      if (io.signal.aborted) throw interruptedFailure();
      throw unreachable(url, describe(error, timeoutMs));
    }
  };

  return {
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

/** In seconds, as the gateway writes it; the other form, a date, is of something in between. */
function retryAfter(headers: Headers): { retryAfterMs?: number } {
  const said = headers.get('retry-after') ?? '';
  return /^\d{1,9}$/.test(said) ? { retryAfterMs: Number(said) * 1_000 } : {};
}

async function readLimited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxAnswerBytes) throw new Error(`the answer is larger than ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
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
