import { evaluateApproval, isNo } from '../approval.ts';
import { mostSkewMs } from '../clock-skew.ts';
import type { BundledDecision, EvidenceBundle } from '../contract/evidence-bundle.ts';
import type { ApprovalPolicy, Identity, ReleasePlan } from '../contract/release.ts';
import { at, fails, holds, unseen } from './line.ts';
import type { CheckedBy, EvidenceLine } from './line.ts';

interface Allowed {
  plan: ReleasePlan | undefined;
  requestedBy: Identity | undefined;
}

/** Whether it has changed anything, by the records. */
function hasChanged({ changed, verified }: EvidenceBundle): boolean {
  return changed.length + verified.length > 0;
}

/** Signed, about this very run, and no order that has a run of its own. */
function ownDecisions({ decisions, release }: EvidenceBundle, by: CheckedBy): BundledDecision[] {
  return decisions.filter(
    (signed) => signed.decision.releaseId === release.id && signed.decision.run === undefined && by.verify(signed),
  );
}

/** Enough people said yes to the plan in force, by the rule that the run and each step go by; groups are those that stand in what is signed. */
export function provenApprovals(bundle: EvidenceBundle, by: CheckedBy, { plan, requestedBy }: Allowed): EvidenceLine[] {
  const what = 'approvals';
  if (!plan) return [unseen(what, 'what the plan asks for is not known: it is not in here')];
  const { approval } = plan;
  if (!approval.required && !hasNo(bundle, by)) return [holds(what, 'the plan asks for none')];
  if (!requestedBy) return [unseen(what, 'who may not approve is not known: who has asked is not')];
  const decisions = ownDecisions(bundle, by)
    .filter(stands)
    .map(({ decision }) => decision);
  const askedAt = bundle.plannedAt ?? Math.min(bundle.madeAt, ...decisions.map(({ decidedAt }) => decidedAt));
  const verdict = evaluateApproval({
    ...{ policy: approval, planHash: bundle.planHash ?? '', decisions, requestedBy, askedAt },
    ...(approval.excludeAuthors && { authors: bundle.authors ?? 'unknown' }),
    // Whoever may only after a while was let in by another clock.
    now: Math.max(askedAt, ...decisions.map(({ decidedAt }) => decidedAt)) + mostSkewMs,
  });
  const wanted = wantedOf(approval);
  if (verdict.kind === 'approved') return [holds(what, approvedInWords(verdict.by, wanted, approval, requestedBy))];
  if (verdict.kind === 'rejected')
    return hasChanged(bundle)
      ? [fails(what, `${verdict.by.by.id} has rejected it, and it has changed something`)]
      : [holds(what, `${verdict.by.by.id} has rejected it, and nothing was changed`)];
  const few = verdict.kind === 'waiting' ? `${wanted - verdict.missing} of ${wanted}` : `less than ${wanted}`;
  return hasChanged(bundle)
    ? [fails(what, `it has changed something, and ${few} that the plan asks for count`)]
    : [holds(what, `nothing was changed, which nobody need approve: ${few} that the plan asks for count`)];
}

const wantedOf = ({ required, quorum }: ApprovalPolicy) => (required ? Math.max(1, quorum) : 0);

/** A no is never void; one that came too late is none. */
function stands({ decision, refused, afterChange }: BundledDecision): boolean {
  return isNo(decision.kind) ? !afterChange : refused === undefined;
}

function approvedInWords(
  by: readonly { by: Identity }[],
  wanted: number,
  { excludeRequester, excludeAuthors }: ApprovalPolicy,
  requestedBy: Identity,
): string {
  const names = by.map((decision) => decision.by.id).join(', ');
  const not = [
    ...(excludeRequester ? [`${requestedBy.id}, who has asked`] : []),
    ...(excludeAuthors ? ['anybody who has written it'] : []),
  ];
  return `${by.length} of ${wanted} that the plan asks for: ${names}${not.length > 0 ? `; not ${not.join(', nor ')}` : ''}`;
}

function hasNo(bundle: EvidenceBundle, by: CheckedBy): boolean {
  return ownDecisions(bundle, by).some((signed) => isNo(signed.decision.kind) && stands(signed));
}

/** A no ends it: nobody says yes any more, and nothing is changed. */
export function provenNos(bundle: EvidenceBundle, by: CheckedBy): EvidenceLine[] {
  const what = 'a no';
  const own = ownDecisions(bundle, by);
  const [no] = own
    .filter((signed) => isNo(signed.decision.kind) && stands(signed))
    .map(({ decision }) => decision)
    .sort((a, b) => a.decidedAt - b.decidedAt);
  if (!no) return [holds(what, 'nobody has said one before anything was changed')];
  const said = `${no.by.id} has said ${no.kind}, ${at(no.decidedAt)}`;
  const late = own.filter(({ decision }) => decision.kind === 'approve' && decision.decidedAt > no.decidedAt);
  if (late.length > 0)
    return late.map(({ decision }) => fails(what, `${said}, and ${decision.by.id} has approved it afterwards`));
  return hasChanged(bundle)
    ? [fails(what, `${said}, and it has changed something afterwards`)]
    : [holds(what, `${said}; nobody has approved it afterwards, and nothing was changed`)];
}
