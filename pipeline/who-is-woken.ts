import { list } from './floors.ts';
import type { NotifyPolicy, PolicyFile } from './policy-schema.ts';
import { own } from './reach.ts';

type Environments = Pick<PolicyFile, 'environments'>;

/**
 * Whether a target is told of what happens in that environment at all. Somebody is woken for production alone: for what the target names, and
 * where it names nothing for those environments where the policy has somebody approve.
 */
export function isToldThere(target: NotifyPolicy, { environments }: Environments, environment: string): boolean {
  if (target.kind !== 'pagerduty') return true;
  return target.environments?.includes(environment) ?? own(environments, environment)?.approval.required ?? false;
}

/** Why a target, by its name, wakes nobody for an environment, and what to write where somebody is meant to be; undefined where it is told. */
export function whyNotThere(
  [to, target]: [string, NotifyPolicy],
  policy: Environments,
  environment: string,
): { message: string; hint: string } | undefined {
  if (target.kind !== 'pagerduty' || isToldThere(target, policy, environment)) return undefined;
  const named = target.environments;
  const where = named ? list(named) : 'the environments in which the policy requires an approval';
  return {
    message: `\`${to}\` is told of nothing by this: it wakes people for ${where} alone`,
    hint: `where people are to be woken for it, add \`${environment}\` to \`environments\` of \`${to}\` in the policy`,
  };
}
