import { canonicalJson } from '../canonical.ts';
import type { EvidenceBundle } from '../contract/evidence-bundle.ts';
import { releaseId } from '../contract/names.ts';
import type { ReleasePlan, ReleaseRequest } from '../contract/release.ts';
import { at, fails, holds, isDecisionSigned, isRequestSigned, orElse, unseen, untold, whyNot } from './line.ts';
import type { CheckedBy, EvidenceLine } from './line.ts';
import { hasChanged, toldByRows } from './told-by-rows.ts';

/** What was asked for, where a key that is trusted has signed it. */
export function requestIn({ request, release }: EvidenceBundle, by: CheckedBy): ReleaseRequest | undefined {
  if (!request || !isRequestSigned(request, by)) return undefined;
  const { taken } = request;
  return taken.releaseId === release.id && releaseId(taken.request) === release.id ? taken.request : undefined;
}

export function provenRequest(bundle: EvidenceBundle, by: CheckedBy): EvidenceLine[] {
  const { request, release } = bundle;
  const what = 'request';
  if (!request) return [untold(what, 'who has asked for it is signed by nobody in here')];
  if (!isRequestSigned(request, by)) return [fails(what, whyNot(request, by))];
  const asked = requestIn(bundle, by);
  if (!asked || asked.service !== release.service || asked.environment !== release.environment)
    return [fails(what, `it is of ${request.taken.releaseId}, and not of ${release.id}`)];
  const { requestedBy, requestedAt, commit, branch } = asked;
  return [
    holds(what, `${requestedBy.id} (${requestedBy.via}) has asked for ${commit} of ${branch}, ${at(requestedAt)}`),
  ];
}

/** The plan in force, where it is what its hash says. */
export function planIn({ plans, planHash }: EvidenceBundle, { hash }: CheckedBy): ReleasePlan | undefined {
  const found = plans.find((one) => one.hash === planHash);
  return found && hash(canonicalJson(found.plan)) === found.hash ? found.plan : undefined;
}

export function provenPlans(bundle: EvidenceBundle, by: CheckedBy): EvidenceLine[] {
  const { plans, planHash, release, request } = bundle;
  const what = 'plan';
  const changed = plans.filter(({ hash, plan }) => by.hash(canonicalJson(plan)) !== hash);
  const foreign = plans.filter(
    ({ plan: { service, environment, commit } }) =>
      service !== release.service ||
      environment !== release.environment ||
      (request && commit !== request.taken.request.commit),
  );
  const wrong = [
    ...changed.map(({ hash }) => fails(what, `the plan that is called ${hash} has another hash`)),
    ...foreign.map(({ hash }) => fails(what, `the plan ${hash} is not of what was asked for`)),
  ];
  if (wrong.length > 0) return wrong;
  if (planHash === undefined) return [ofNone(bundle)];
  const others = plans.length > 1 ? `, and ${plans.length - 1} that somebody has decided about before` : '';
  const known = planIn(bundle, by)
    ? holds(what, `in force is ${planHash}, whose hash is that of what it says${others}`)
    : untold(what, `in force is ${planHash}, which is not in here`);
  return [...provenHashes(bundle), known];
}

/** Nothing is changed without a plan. */
function ofNone(bundle: EvidenceBundle): EvidenceLine {
  return hasChanged(bundle)
    ? fails('plan', 'it has changed something, and no plan of it is on record')
    : unseen('plan', 'none is on record: it has ended, or stands, before one was made');
}

/** Whoever speaks of the plan of this release means the one in force. */
function provenHashes(bundle: EvidenceBundle): EvidenceLine[] {
  const { planHash, end, verified } = bundle;
  const said = [end?.result?.planHash, ...verified.map((row) => row.planHash), ...toldByRows(bundle).byPlans];
  const other = said.find((hash) => hash !== undefined && hash !== planHash);
  return other === undefined ? [] : [fails('plan', `what was put in place was so by the plan ${other}`)];
}

/** Signatures of what was decided and ordered. */
export function provenDecisions({ decisions, orders, plans, release }: EvidenceBundle, by: CheckedBy): EvidenceLine[] {
  const what = 'decisions';
  const wrong = decisions.flatMap((signed) => {
    const { id, kind, by: who, releaseId: about, planHash } = signed.decision;
    const name = `the ${kind} of ${who.id} (${id})`;
    if (!isDecisionSigned(signed, by)) return [fails(what, `${name}: ${whyNot(signed, by)}`)];
    if (about !== release.id) return [fails(what, `${name} is about ${about}`)];
    const isKnown = kind !== 'approve' || plans.some(({ hash }) => hash === planHash);
    return isKnown ? [] : [untold(what, `${name} is of the plan ${planHash}, which is not in here`)];
  });
  const unlawful = orders.flatMap((signed) =>
    by.verifyOrder(signed)
      ? []
      : [fails(what, `the ${signed.order.kind} of ${signed.order.by}: ${whyNot(signed, by)}`)],
  );
  const all = `${decisions.length} about it${orders.length > 0 ? `, and ${orders.length} orders of its lane` : ''}`;
  const judged = decisions.filter(({ withAddresses }) => withAddresses !== undefined).length;
  const without = judged > 0 ? `; of ${judged} that is the word of the gateway, as addresses were left out` : '';
  return orElse([...wrong, ...unlawful], holds(what, `${all}: each is as it was signed${without}`));
}
