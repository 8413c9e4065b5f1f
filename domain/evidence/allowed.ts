import { evaluateApproval, isNo } from '../approval.ts';
import { mostSkewMs } from '../clock-skew.ts';
import type { Decision } from '../contract/decisions.ts';
import type { BundledDecision, EvidenceBundle } from '../contract/evidence-bundle.ts';
import type { ApprovalPolicy, Identity, ReleasePlan } from '../contract/release.ts';
import { at, fails, holds, isDecisionSigned, untold } from './line.ts';
import type { CheckedBy, EvidenceLine } from './line.ts';
import { cameLate, hasChanged, toldByRows } from './told-by-rows.ts';

interface Allowed {
  plan: ReleasePlan | undefined;
  requestedBy: Identity | undefined;
}

/** Signed, about this very run, and no order that has a run of its own. */
function ownDecisions({ decisions, release }: EvidenceBundle, by: CheckedBy): BundledDecision[] {
  return decisions.filter(
    (signed) =>
      signed.decision.releaseId === release.id && signed.decision.run === undefined && isDecisionSigned(signed, by),
  );
}

const noRows = 'no row of the audit is in here: what was decided otherwise, and taken away, nobody would see';

/** Enough people said yes to the plan in force, by the rule that the run and each step go by; groups are those that stand in what is signed. */
export function provenApprovals(bundle: EvidenceBundle, by: CheckedBy, { plan, requestedBy }: Allowed): EvidenceLine[] {
  const what = 'approvals';
  const counted = ownDecisions(bundle, by).filter(countsIn(bundle));
  if (!plan) return [ofNoPlan(bundle, counted)];
  const { approval } = plan;
  if (!approval.required && !hasNo(bundle, by)) return [holds(what, 'the plan asks for none')];
  const verdict = evaluated(bundle, counted, { approval, requestedBy });
  const wanted = wantedOf(approval);
  if (verdict.kind === 'approved') {
    const says = approvedInWords(verdict.by, wanted, approval, requestedBy);
    if (!requestedBy && approval.excludeRequester)
      return [untold(what, `${says}: whether one of them has asked for it is not known, as who has is not`)];
    return [toldByRows(bundle).isThere ? holds(what, says) : untold(what, `${says}; but ${noRows}`)];
  }
  if (verdict.kind === 'rejected')
    return hasChanged(bundle)
      ? [fails(what, `${verdict.by.by.id} has rejected it, and it has changed something`)]
      : [holds(what, `${verdict.by.by.id} has rejected it, and nothing was changed`)];
  const few = verdict.kind === 'waiting' ? `${wanted - verdict.missing} of ${wanted}` : `less than ${wanted}`;
  if (hasChanged(bundle)) return [fails(what, `it has changed something, and ${few} that the plan asks for count`)];
  const nothing = `nothing was changed, which nobody need approve: ${few} that the plan asks for count`;
  return [toldByRows(bundle).isThere ? holds(what, nothing) : untold(what, `${nothing}; but ${noRows}`)];
}

/** What the plan asks for is not known. */
function ofNoPlan(bundle: EvidenceBundle, counted: readonly BundledDecision[]): EvidenceLine {
  const why = 'what the plan asks for is not known: it is not in here';
  const isAllowed = counted.some(({ decision }) => decision.kind === 'approve');
  return hasChanged(bundle) && !isAllowed
    ? fails('approvals', `it has changed something, and nobody has approved anything; ${why}`)
    : untold('approvals', why);
}

function evaluated(
  bundle: EvidenceBundle,
  counted: readonly BundledDecision[],
  { approval, requestedBy }: { approval: ApprovalPolicy; requestedBy: Identity | undefined },
) {
  // Who is who is told by names here: addresses are not in the file.
  const decisions: Decision[] = counted.map(({ decision }) => ({
    ...decision,
    by: { ...decision.by, emails: [decision.by.id.toLowerCase()] },
  }));
  const { wrote = 'unknown' } = bundle;
  const askedAt = bundle.plannedAt ?? Math.min(bundle.madeAt, ...decisions.map(({ decidedAt }) => decidedAt));
  return evaluateApproval({
    ...{
      policy: approval,
      planHash: bundle.planHash ?? '',
      decisions,
      requestedBy: requestedBy ?? { id: '' },
      askedAt,
    },
    ...(approval.excludeAuthors && { authors: wrote === 'unknown' ? wrote : wrote.map((id) => id.toLowerCase()) }),
    // Whoever may only after a while was let in by another clock.
    now: Math.max(askedAt, ...decisions.map(({ decidedAt }) => decidedAt)) + mostSkewMs,
  });
}

const wantedOf = ({ required, quorum }: ApprovalPolicy) => (required ? Math.max(1, quorum) : 0);

/**
 * A no is never void; one that came too late is none. A yes counts where the run has gone by it, as a row says; where none does, before anything was
 * changed, and where the records do not say that it was refused.
 */
function countsIn(bundle: EvidenceBundle): (signed: BundledDecision) => boolean {
  const told = toldByRows(bundle);
  return (signed) => {
    const { decision, refused, afterChange } = signed;
    const came = cameLate(signed, told);
    if (isNo(decision.kind)) return came === 'in time' || (came === 'unclear' && !afterChange);
    if (decision.kind === 'approve' && told.consumed) return told.consumed.has(decision.id);
    return refused === undefined && !afterChange && came !== 'late';
  };
}

function approvedInWords(
  by: readonly { by: Identity }[],
  wanted: number,
  { excludeRequester, excludeAuthors }: ApprovalPolicy,
  requestedBy: Identity | undefined,
): string {
  const names = by.map((decision) => decision.by.id).join(', ');
  const not = [
    ...(excludeRequester && requestedBy ? [`${requestedBy.id}, who has asked`] : []),
    ...(excludeAuthors ? ['anybody who has written it, by the word of the gateway'] : []),
  ];
  return `${by.length} of ${wanted} that the plan asks for: ${names}${not.length > 0 ? `; not ${not.join(', nor ')}` : ''}`;
}

function hasNo(bundle: EvidenceBundle, by: CheckedBy): boolean {
  const counts = countsIn(bundle);
  return ownDecisions(bundle, by).some((signed) => isNo(signed.decision.kind) && counts(signed));
}

/** A no ends it: nobody says yes any more, and nothing is changed. */
export function provenNos(bundle: EvidenceBundle, by: CheckedBy): EvidenceLine[] {
  const what = 'a no';
  const own = ownDecisions(bundle, by);
  const counts = countsIn(bundle);
  const told = toldByRows(bundle);
  const [no] = own
    .filter((signed) => isNo(signed.decision.kind) && counts(signed))
    .map(({ decision }) => decision)
    .sort((a, b) => a.decidedAt - b.decidedAt);
  if (!no) {
    const unclear = own.find((one) => isNo(one.decision.kind) && cameLate(one, told) === 'unclear')?.decision;
    if (unclear)
      return [
        untold(
          what,
          `${unclear.by.id} has said ${unclear.kind} about when the first change began: which came first nobody can tell`,
        ),
      ];
    return [told.isThere ? holds(what, 'nobody has said one before anything was changed') : untold(what, noRows)];
  }
  const said = `${no.by.id} has said ${no.kind}, ${at(no.decidedAt)}`;
  // A yes that was refused stands for nothing: a page that is still open sends one.
  const late = own.filter(
    ({ decision, refused }) =>
      decision.kind === 'approve' &&
      decision.decidedAt > no.decidedAt &&
      (told.consumed ? told.consumed.has(decision.id) : refused === undefined),
  );
  if (late.length > 0)
    return late.map(({ decision }) => fails(what, `${said}, and ${decision.by.id} has approved it afterwards`));
  return hasChanged(bundle)
    ? [fails(what, `${said}, and it has changed something afterwards`)]
    : [holds(what, `${said}; nobody has approved it afterwards, and nothing was changed`)];
}
