import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Records } from '../../activities/records/port.ts';
import type { Log } from '../../activities/shared/log.ts';
import type { Signer, Verifier } from '../../activities/shared/signatures.ts';
import type { Source } from '../../activities/source/port.ts';
import type { PipelineReader } from '../../activities/steps/pipeline-reader.ts';
import type { Caller } from '../../domain/contract/rights.ts';
import type { Everybody } from '../../domain/people-known.ts';
import { head, noTextAt } from '../../domain/whole-text.ts';
import type { Engine } from '../engine.ts';
import type { Browser } from './browser/browser.ts';
import { cookieIn } from './browser/cookies.ts';
import { callerBySession } from './browser/sessions.ts';
import type { Evidence } from './evidence.ts';
import { Refused } from './errors.ts';
import type { Measures } from './measures.ts';
import type { Identify } from './doors.ts';
import type { LoginOffer } from '../../domain/contract/login.ts';

export interface GatewayLimits {
  connectionsPerAddress?: number;
  startsPerMinute?: number;
  /** ms that an answer has to be taken. */
  sendMs?: number;
  /** ms that Temporal and the records have for one question, where nobody else sets a limit. */
  answerMs?: number;
  /** ms between two signs of life on a stream of events. */
  aliveMs?: number;
  /** ms for which what several look at at one look is good. */
  overviewMs?: number;
}

export interface GatewayParts {
  engine: Engine;
  records: Records;
  pipeline: PipelineReader;
  /** Whether one commit comes after another, what is between them, and when they were made. */
  source: Pick<Source, 'descends' | 'commits' | 'times'>;
  signer: Signer;
  /** What is read from the records counts by its signature, here as in every step. */
  verifier: Verifier;
  identify: Identify;
  /** Everybody who is known here; absent where that cannot be seen. */
  people?: () => Promise<Everybody>;
  /** Where people log in, for whoever does it; absent where they cannot. */
  login?: LoginOffer;
  /** How they do it with a browser; absent where they cannot. */
  browser?: Browser;
  /** Signs and sends where the audit ends. */
  evidence?: Pick<Evidence, 'soon' | 'problems'>;
  /** What is wrong with the door of Slack, where there is one. */
  slack?: { problem(): Promise<string | undefined> };
  /** Where browsers have its pages, without a slash at its end; absent where it has none, or nobody logs in to them. */
  pages?: string;
  /** Where people see the runs; links are left out without it. */
  temporal: { uiUrl?: string; namespace: string };
  now: () => number;
  /** Whether it is about to end: whoever hands out requests sends it no more of them. */
  isDraining?: () => boolean;
  limits?: GatewayLimits;
  /** Counts, where somebody reads that. */
  measures?: Measures;
  /** Where it writes what it does; without one it writes what went wrong alone. */
  logger?: Log;
  /** The gateway's own log: for what goes wrong where an answer is given all the same. */
  log?: (error: unknown) => void;
}

/** ms: less than the 30 s that the command line waits, so that it is told who has not answered where one thing alone is away. */
export const usualAnswerMs = 10_000;

const known = new WeakMap<FastifyRequest, Caller>();

/**
 * Who is asking, and by what; throws 401, and 403 where the policy knows nobody like that. Found out once for each request, before its body is read.
 * What they may do is asked of client/gateway/rights.ts.
 */
export async function identified(parts: GatewayParts, request: FastifyRequest): Promise<Caller> {
  const before = known.get(request);
  if (before) return before;
  const caller = await callerOf(parts, request);
  if (!caller)
    throw new Refused(
      401,
      'unauthenticated',
      'the gateway does not know this token',
      `Set SLIPWAY_TOKEN to the token you were given.${parts.browser ? ' With a browser, log in: /auth/login.' : ''}`,
    );
  if ('refused' in caller) throw new Refused(403, 'stranger', caller.refused, caller.next);
  known.set(request, caller);
  return caller;
}

/** Who has asked, where that was found out. */
export function callerKnown(request: FastifyRequest): Caller | undefined {
  return known.get(request);
}

/**
 * As whom this request would be known by now: a token may have been taken away since. `isUse`: whether somebody asks, or the gateway itself does,
 * which has no session go on.
 */
export async function callerOf(
  parts: GatewayParts,
  request: FastifyRequest,
  { isUse } = { isUse: true },
): ReturnType<Identify> {
  const { authorization } = request.headers;
  const { browser } = parts;
  if (browser && authorization === undefined) return callerBySession(parts, browser, { request, isUse });
  if (browser && cookieIn(request, browser.cookies.session) !== undefined)
    throw new Refused(400, 'bad-request', 'it comes with a token and with a session: one of them says who you are');
  const token = /^Bearer (\S{1,8000})$/.exec(authorization ?? '')?.[1];
  return token === undefined ? undefined : parts.identify(token);
}

/** Enough for a person: the body may have thousands of fields. */
const mostWords = 2_000;

/** The checked value; throws 400 that names every problem. */
export function accepted<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'body'} ${issue.message}`);
  throw new Refused(400, 'bad-request', head(problems.join('; '), mostWords));
}

/**
 * Throws 400 for what is no text: stored and signed as it came, neither Temporal nor SQL could read it later, and whatever is decided by it
 * would have no end.
 */
export function requireText(said: object): void {
  const at = noTextAt(said);
  if (at === undefined) return;
  const problem = 'holds half of a character, or NUL: it must be text';
  throw new Refused(400, 'bad-request', head(`${at} ${problem}`, mostWords));
}
