import type { EvidenceBundle, SignedEvidence } from '../contract/evidence-bundle.ts';
import type { SignedChainEnds } from '../contract/evidence.ts';
import { provenApprovals, provenNos } from './allowed.ts';
import { planIn, provenDecisions, provenPlans, provenRequest, requestIn } from './asked.ts';
import { provenAudit, provenRows } from './audited.ts';
import { at, fails, holds, unseen, whyNot } from './line.ts';
import type { CheckedBy, EvidenceLine } from './line.ts';
import { provenGates, provenImages } from './put-in-place.ts';

/**
 * What an evidence file proves, line by line. Nothing of one is looked at whose signature does not hold: whoever has changed it may have changed
 * anything. `outside`: what a gateway has signed about the ends of the audit, from where nobody who writes to the records can reach it.
 */
export async function proveEvidence(
  signed: SignedEvidence,
  by: CheckedBy,
  outside: readonly SignedChainEnds[] = [],
): Promise<EvidenceLine[]> {
  const { bundle, keyId } = signed;
  if (!by.verifyEvidence(signed))
    return [fails('file', whyNot(signed, by)), unseen('all that it says', 'it is not looked at for that reason')];
  const plan = planIn(bundle, by);
  const requestedBy = requestIn(bundle, by)?.requestedBy;
  return [
    holds('file', `a gateway has signed it with the key ${keyId}, ${at(bundle.madeAt)}`),
    ...provenRequest(bundle, by),
    ...provenPlans(bundle, by),
    ...provenDecisions(bundle, by),
    ...provenApprovals(bundle, by, { plan, requestedBy }),
    ...provenNos(bundle, by),
    ...provenGates(bundle, plan),
    ...provenImages(bundle, plan),
    ...provenEnd(bundle),
    ...(await provenAudit(bundle, by, outside)),
    ...provenRows(bundle),
    ...notTold(bundle),
    ...bundle.missing.map(({ what, why }) => unseen(what, why)),
  ];
}

/** What the run has told of its end agrees with what is on record of it. */
function provenEnd({ end }: EvidenceBundle): EvidenceLine[] {
  const what = 'end';
  if (!end) return [unseen(what, 'none is on record: it went on when this was made')];
  if (end.result && end.result.outcome !== end.outcome)
    return [fails(what, `it is on record as ${end.outcome}, and the run has told ${end.result.outcome}`)];
  return [holds(what, `${end.outcome}${end.endedAt === undefined ? '' : `, ${at(end.endedAt)}`}`)];
}

/** What no such file can tell. */
function notTold({ decisions }: EvidenceBundle): EvidenceLine[] {
  return [
    ...(decisions.length > 0
      ? [
          unseen(
            'groups',
            "whether those who have decided were in the groups that stand beside their names: so the gateway has signed it, and the operator's policy is not in here",
          ),
        ]
      : []),
    unseen('rows before and after', 'what else the audit of the lane has about anything'),
  ];
}
