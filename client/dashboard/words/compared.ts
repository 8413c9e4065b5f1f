import type { VerifiedBeside } from '../../../domain/contract/gateway.ts';

/** What a plan is shown beside, in words: also why it is shown beside nothing. */
export function comparedInWords({ verified, untold }: VerifiedBeside): string {
  if (untold) return 'what is verified there is not on record: all of the plan is shown';
  if (!verified) return 'nothing was verified there before: all of it is new';
  if (!verified.plan) return 'the plan that was verified last is not on record any more: all of this one is shown';
  return 'beside what was verified there last';
}

/** The same of a question, which shows a plan in short. */
export function imagesComparedInWords({ verified, untold }: VerifiedBeside, isSeen: boolean): string {
  if (!isSeen) return 'what is verified in each region is not known here';
  if (untold) return 'beside the images that are verified there: of the rest it is not on record';
  if (verified && !verified.plan)
    return 'beside the images that are verified there: that plan is not on record any more';
  return 'beside the images that are verified there';
}

/** Where this gateway's policy is another than the plan was made by. */
export function policyInWords({ approvalNow, policyNow }: VerifiedBeside): string[] {
  const asks = approvalNow && `${approvalNow.quorum} of ${approvalNow.groups.join(', ')}`;
  return [
    ...(policyNow === 'not-let-in' ? ['The policy of this gateway does not let the service in there.'] : []),
    ...(policyNow === 'untold' ? ['Whether the plan was made by the policy of this gateway could not be told.'] : []),
    ...(asks ? [`The policy was changed since: it asks for ${asks}, beside what the plan asks for.`] : []),
  ];
}
