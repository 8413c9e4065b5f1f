import type { Response } from 'undici';
import { failure, failureDetails } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import type { PacedFailureDetails } from '../../domain/errors/failure.ts';
import { readBounded } from '../shared/bounded-body.ts';
import type { Resolve } from '../shared/outward.ts';
import { askOutside, pauseAsked } from './ask-outside.ts';

export interface GithubApi {
  /** Of the API, without a slash at its end. */
  base: string;
  /** The operator's policy names it: only then it may be inside. */
  isNamed: boolean;
  /** How names are resolved; by the machine, where it is left out. */
  resolve?: Resolve | undefined;
}

export interface GithubRequest {
  method: 'GET' | 'POST' | 'PATCH';
  /** With its query. */
  path: string;
  body?: object;
  token: string;
}

const mostBytes = 8 * 1_024 * 1_024;
/** What GitHub asks for where it does not say for how long. */
const shortestRest = 60_000;

/**
 * One request of GitHub's REST API, and its answer as JSON. Nothing is tried again here. Throws SLIP-NTF-1 (retryable: no answer in 5 s, 5xx, a limit of
 * theirs, with the pause that they ask for), SLIP-NTF-2 (terminal: refused, with what is to be done), SLIP-NTF-4 (terminal: where no message may go).
 */
export async function askGithub(api: GithubApi, { method, path, body, token }: GithubRequest): Promise<unknown> {
  const url = new URL(`${api.base}${path}`);
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'user-agent': 'slipway',
    'x-github-api-version': '2022-11-28',
  };
  const { isNamed, resolve } = api;
  const question = { url, method, headers, body: body && JSON.stringify(body), isNamed, resolve };
  return askOutside(question, async (response) => {
    const text = await textOf(response, url.host);
    if (response.status < 200 || response.status >= 300) throw refusal(response, text, { host: url.host, asked: path });
    return parsed(text, url.host);
  });
}

async function textOf({ body }: Response, host: string): Promise<string> {
  const read = await readBounded(body as AsyncIterable<Uint8Array> | null, mostBytes);
  if (!read) throw failure('SLIP-NTF-1', `${host} answered with more than ${mostBytes} bytes`);
  return read.toString();
}

function parsed(text: string, host: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw failure('SLIP-NTF-1', `${host} answered with what is no JSON`);
  }
}

/** Their words are not shown: they may repeat what they were told. */
function refusal(response: Response, text: string, { host, asked }: { host: string; asked: string }): Failure {
  const { status, headers } = response;
  const isLimit = isLimited(response, text);
  if (isLimit) {
    const details: PacedFailureDetails = {
      ...failureDetails('SLIP-NTF-1', `${host} answered ${status}: too many requests`),
      retryAfterMs: pauseOf(headers),
    };
    return new Failure(details);
  }
  if (status >= 500 || status === 408) return failure('SLIP-NTF-1', `${host} answered ${status}`);
  return failure('SLIP-NTF-2', `${host} answered ${status}${toDoAbout(status, asked)}`);
}

/** What a token was asked for with is refused as such, and not by what it is used for. */
function toDoAbout(status: number, asked: string): string {
  if (status === 422 && asked.endsWith('/access_tokens'))
    return ': the app has not the rights `deployments` and `checks` to write, or not this repository; give it those, and accept that where it is installed';
  return toDo[status] ?? '';
}

const renamed = ': the repository is called otherwise by now; change `repository` of the service in the policy';
const toDo: Record<number, string> = {
  301: renamed,
  307: renamed,
  308: renamed,
  401: ': the token, or the key of the app, is not valid there; look at `app` or `token` of the target, and at the clock of this machine',
  403: ': it has not the right; give the app `deployments` and `checks` to write, and accept that where it is installed',
  404: ': the app is not installed there, or has not this repository; look at `installation`, and at the repositories of it',
  422: ': the commit is not in that repository, or what is said is not taken',
};

/** Both of their limits: the primary by what remains, the secondary by its own word. */
function isLimited({ status, headers }: Response, text: string): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  const isUsedUp = headers.get('x-ratelimit-remaining') === '0';
  return headers.has('retry-after') || isUsedUp || text.includes('secondary rate limit');
}

function pauseOf(headers: Response['headers']): number {
  const asked = pauseAsked(headers.get('retry-after'));
  if (asked !== undefined) return asked;
  const reset = headers.get('x-ratelimit-reset') ?? '';
  // By their own clock: ours may be another.
  const theirNow = Date.parse(headers.get('date') ?? '');
  const isKnown = headers.get('x-ratelimit-remaining') === '0' && /^[0-9]{1,12}$/.test(reset);
  if (!isKnown || Number.isNaN(theirNow)) return shortestRest;
  return Math.max(1_000, Number(reset) * 1_000 - theirNow);
}
