import type { FaultPlan } from './faults.ts';
import { resourceTypes, type Verb } from './kinds.ts';
import type { ApiRequest } from './request.ts';
import type { SelfSubjectAccessReview } from './types.ts';

/** What the one who asks may do: everything, but for what is forbidden on demand. */
export function reviewAccess(faults: Pick<FaultPlan, 'forbids'>, { body }: ApiRequest): SelfSubjectAccessReview {
  const review = body as unknown as SelfSubjectAccessReview;
  const { verb = '', group = '', resource, ...at } = review.spec.resourceAttributes ?? {};
  const type = resourceTypes.find((one) => one.plural === resource && one.group === group);
  const { namespace = '', name = '', subresource = '' } = at;
  const asked = { verb: verb as Verb, namespace, name, subresource, dryRun: false };
  return { ...review, status: { allowed: type === undefined || !faults.forbids({ ...asked, type }) } };
}
