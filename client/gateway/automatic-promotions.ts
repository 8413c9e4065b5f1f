import { inTime } from '../../activities/shared/in-time.ts';
import { verifiedThere } from '../../activities/steps/promote.ts';
import { verifiedRequest } from '../../activities/steps/verified-request.ts';
import { dueForPromotion } from '../../domain/automatic-promotion.ts';
import type { Due } from '../../domain/automatic-promotion.ts';
import type { AutomaticPromotion } from '../../domain/contract/promotion.ts';
import type { ReleaseRequest } from '../../domain/contract/release.ts';
import { refuseStranger } from '../../domain/people.ts';
import type { GatewayParts } from './calls.ts';
import { answerOf, Refused } from './errors.ts';
import { repeating } from './repeating.ts';
import { requirePromoted } from './require-promoted.ts';
import { startRequested } from './start-requested.ts';

/** ms between two looks at what has been verified for long enough. */
const everyMs = 30_000;
/** ms that one may take before the next is looked at: it asks a repository, which may hang. */
const limitMs = 60_000;
/** ms before what could not be started is tried again. */
const againMs = 10 * 60_000;

export interface AutomaticPromotions {
  /** One look at all of them. */
  look(): Promise<void>;
  /** Nothing begins any more. */
  end(): void;
}

/**
 * Starts what the policy has released by itself (`promotedAfter`): a release as any other, with its own plan, approvals, lane and rollbacks.
 * Several gateways start it once: it is one request, by what it promotes. `report`: what was started, and what was not and why.
 */
export function automaticPromotions(parts: GatewayParts, report: (line: string) => void): AutomaticPromotions {
  const leftUntil = new Map<string, number>();
  let isEnding = false;
  const mayBegin = () => !isEnding && !(parts.isDraining?.() ?? false);

  const promote = async (promotion: AutomaticPromotion): Promise<void> => {
    const due = await dueOf(parts, promotion);
    if (!due || leftUntil.has(keyOf(promotion, due))) return;
    leftUntil.set(keyOf(promotion, due), parts.now() + againMs);
    const request = await requestOf(parts, promotion, due);
    // The repository may have taken minutes, in which people go on.
    const still = await dueOf(parts, promotion);
    if (!mayBegin() || still?.releaseId !== due.releaseId) return;
    const { attempt, created } = await startRequested(parts, request, {
      requestKey: keyOf(promotion, due),
      newAttempt: false,
    });
    if (created) report(`${inWords(promotion)}: ${attempt.releaseId} is started by itself`);
  };

  return {
    async look() {
      for (const [key, until] of leftUntil) if (until <= parts.now()) leftUntil.delete(key);
      for (const promotion of await parts.pipeline.promotions()) {
        if (!mayBegin()) return;
        const told = (error: unknown) => {
          if (!isEnding) report(`${inWords(promotion)} is not started by itself: ${whyNot(error)}`);
        };
        // What keeps one from starting, or hangs, keeps no other.
        await inTime(promote(promotion), limitMs, (words) => new Error(words)).catch(told);
      }
    },
    end: () => void (isEnding = true),
  };
}

/** Looks again and again until it is stopped; `stop` waits for nothing that hangs. */
export function startAutomaticPromotions(parts: GatewayParts, report: (line: string) => void): { stop(): void } {
  const promotions = automaticPromotions(parts, report);
  const looking = repeating(
    () =>
      promotions.look().then(
        () => true,
        (error: unknown) => (report(`what is promoted by itself is not known: ${whyNot(error)}`), false),
      ),
    () => everyMs,
  );
  looking.soon();
  return {
    stop() {
      promotions.end();
      void looking.stop();
    },
  };
}

/**
 * Undefined also where staging has gone on since, where that commit was taken back there before, and where it was asked for in the target: what becomes
 * of that is for people. An own request whose start was interrupted is begun.
 */
async function dueOf({ records, engine }: GatewayParts, promotion: AutomaticPromotion): Promise<Due | undefined> {
  const { service, from, to } = promotion;
  const [source, target] = [
    { service, environment: from },
    { service, environment: to },
  ];
  const [there, here, now] = await Promise.all([
    records.inventory.current(source),
    records.inventory.current(target),
    records.clock.now(),
  ]);
  const due = dueForPromotion(promotion, { source: there, target: here, now });
  if (!due) return undefined;
  const [[newest], rows, [asked]] = await Promise.all([
    records.attempts.list({ ...source, limit: 1 }),
    records.inventory.ofCommit(source, due.commit),
    records.attempts.list({ ...target, commit: due.commit, limit: 1 }),
  ]);
  if (newest?.releaseId !== due.releaseId || rows.some(({ state }) => state === 'revoked')) return undefined;
  if (!asked) return due;
  const isOurs = asked.requestKey === keyOf(promotion, due) && asked.outcome === undefined;
  return isOurs && !(await engine.look(asked.releaseId)) ? due : undefined;
}

function keyOf({ to }: AutomaticPromotion, { releaseId }: Due): string {
  return `promotion/${to}/${releaseId}`;
}

/** In the name of whoever has asked for it there, with all that is known of them: where they may not approve what they ask for, they may not here. */
async function requestOf(
  { records, pipeline, verifier, now }: GatewayParts,
  { service, from, to }: AutomaticPromotion,
  { commit, releaseId }: Due,
): Promise<Omit<ReleaseRequest, 'attempt'>> {
  const attempt = await records.attempts.find(releaseId);
  if (!attempt) throw notStarted(`${releaseId}, which has verified it in ${from}, is not on record`);
  const { requestedBy, branch, ...asked } = verifiedRequest(attempt, verifier);
  // A row is not signed: the request is.
  if (asked.service !== service || asked.environment !== from || asked.commit !== commit)
    throw notStarted(`${releaseId} was not asked for the commit that it has verified in ${from}`);
  const people = await pipeline.people();
  // Of a token whoever has made it: what a stolen one has put there goes no further once it is taken away with them.
  if (refuseStranger({ id: requestedBy.behind ?? requestedBy.id }, people) !== undefined)
    throw notStarted(`the policy knows ${requestedBy.id}, who asked for it in ${from}, no more`);
  const { spec, repository } = await pipeline.read({ service, branch, commit, environment: to });
  const promotion = requirePromoted(spec, from);
  // What may not be promoted is not asked for: a release of it would end at once, and be the one try of this commit.
  await verifiedThere(records, { service, commit }, { ...spec, promotion });
  return {
    ...{ service, environment: to, repository, branch, commit, images: {}, downgrade: false },
    ...{ requestedBy, requestedAt: now(), byItself: true },
  };
}

function notStarted(why: string): Refused {
  return new Refused(409, 'refused', why, 'Start it by hand where it is right: slipway promote');
}

/** What is answered as the gateway's own failure is told here in its own words: this is its log. */
function whyNot(error: unknown): string {
  const { status, body } = answerOf(error);
  if (status === 500) return error instanceof Error ? error.message : String(error);
  return body.message;
}

function inWords({ service, from, to }: AutomaticPromotion): string {
  return `the promotion of ${service} from ${from} to ${to}`;
}
