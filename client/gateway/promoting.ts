import { verifiedThere } from '../../activities/steps/promote.ts';
import { verifiedRequest } from '../../activities/steps/verified-request.ts';
import { dueForPromotion } from '../../domain/automatic-promotion.ts';
import type { Due } from '../../domain/automatic-promotion.ts';
import type { AutomaticPromotion } from '../../domain/contract/promotion.ts';
import type { Identity } from '../../domain/contract/release.ts';
import type { GatewayParts } from './calls.ts';
import { answerOf } from './errors.ts';
import { repeating } from './repeating.ts';
import { requirePromoted, startRequested } from './start-requested.ts';

/** ms between two looks at what has been verified for long enough. */
const everyMs = 30_000;
/** ms before what could not be started is tried again: it asks the repository. */
const againMs = 10 * 60_000;

/**
 * Starts what the policy has released by itself (`promotedAfter`): a release as any other, with its own plan, approvals, lane and rollbacks.
 * Several gateways start it once: it is one request, by what it promotes. Resolves `stop` when nothing is under way any more.
 */
export function startPromoting(parts: GatewayParts, report: (line: string) => void): { stop(): Promise<void> } {
  const refused = new Map<string, number>();
  const looking = repeating(
    () => promoteAll(parts, refused, report),
    () => everyMs,
  );
  looking.soon();
  return looking;
}

/** One look at all of them: what keeps one from starting keeps no other. `refused`: until when what was refused is left alone. */
export async function promoteAll(
  parts: GatewayParts,
  refused: Map<string, number>,
  report: (line: string) => void,
): Promise<boolean> {
  try {
    for (const promotion of await parts.pipeline.promotions()) {
      const due = await dueOf(parts, promotion);
      if (due) await promoteOne(parts, { promotion, due, refused, report });
    }
    return true;
  } catch (error) {
    report(`what is promoted by itself could not be looked for: ${answerOf(error).body.message}`);
    return false;
  }
}

/** Undefined also where it was asked for since: what became of that is for people to see. */
async function dueOf({ records, engine }: GatewayParts, promotion: AutomaticPromotion): Promise<Due | undefined> {
  const { service, from, to } = promotion;
  const target = { service, environment: to };
  const [source, there, now] = await Promise.all([
    records.inventory.current({ service, environment: from }),
    records.inventory.current(target),
    records.clock.now(),
  ]);
  const due = dueForPromotion(promotion, { source, target: there, now });
  if (!due) return undefined;
  const [asked] = await records.attempts.list({ ...target, commit: due.commit, since: due.since, limit: 1 });
  if (!asked) return due;
  // Its start was interrupted: the same request begins it.
  const isOurs = asked.requestKey === keyOf(promotion, due) && asked.outcome === undefined;
  return isOurs && !(await engine.look(asked.releaseId)) ? due : undefined;
}

function keyOf({ to }: AutomaticPromotion, { releaseId }: Due): string {
  return `promotion/${to}/${releaseId}`;
}

interface One {
  promotion: AutomaticPromotion;
  due: Due;
  refused: Map<string, number>;
  report: (line: string) => void;
}

async function promoteOne(parts: GatewayParts, { promotion, due, refused, report }: One): Promise<void> {
  const { service, from, to } = promotion;
  const key = keyOf(promotion, due);
  const what = `${service} at ${due.commit.slice(0, 12)}, verified in ${from}`;
  if ((refused.get(key) ?? 0) > parts.now()) return;
  try {
    const { releaseId } = await start(parts, { promotion, due, key });
    refused.delete(key);
    report(`${what}, is promoted to ${to} by itself: ${releaseId}`);
  } catch (error) {
    const { message, next } = answerOf(error).body;
    // Told once for each time that it was tried.
    refused.set(key, parts.now() + againMs);
    report(`${what}, is not promoted to ${to} by itself: ${message}${next === undefined ? '' : ` (${next})`}`);
  }
}

async function start(
  parts: GatewayParts,
  {
    promotion: { service, from, to },
    due: { commit, releaseId },
    key,
  }: Pick<One, 'promotion' | 'due'> & { key: string },
) {
  const { records, pipeline, verifier, now } = parts;
  const source = await records.attempts.find(releaseId);
  if (!source) throw new Error(`${releaseId}, which has verified it, is not on record`);
  const { branch, requestedBy } = verifiedRequest(source, verifier);
  const { spec, repository } = await pipeline.read({ service, branch, commit, environment: to });
  requirePromoted(spec, from);
  // What may not be promoted is not asked for: a release of it would end at once, and stand for a try of this commit.
  if (spec.promotion) await verifiedThere(records, { service, commit }, { ...spec, promotion: spec.promotion });
  const { attempt } = await startRequested(
    parts,
    {
      ...{ service, environment: to, repository, branch, commit },
      ...{ requestedBy: askedFor(requestedBy), requestedAt: now(), images: {}, downgrade: false },
    },
    { requestKey: key, newAttempt: true },
  );
  return attempt;
}

/** Whoever has asked for it there has asked for this, too: where they may not approve what they ask for, they may not approve it here. */
function askedFor({ id, emails }: Identity): Identity {
  return { id, via: 'promotion', groups: [], ...(emails && { emails }) };
}
