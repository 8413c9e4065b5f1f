import { list } from './floors.ts';
import type { NotifyPolicy, PolicyFile } from './policy-schema.ts';
import { own } from './reach.ts';

type Pager = Extract<NotifyPolicy, { kind: 'pagerduty' }>;
type Environments = Pick<PolicyFile, 'environments'>;

/**
 * Whether a target is told of what happens in that environment at all. Somebody is woken for production alone: for what the target names, and
 * where it names nothing for those environments where the policy has somebody approve.
 */
export function isToldThere(target: NotifyPolicy, { environments }: Environments, environment: string): boolean {
  if (target.kind !== 'pagerduty') return true;
  return target.environments?.includes(environment) ?? own(environments, environment)?.approval.required ?? false;
}

/** Why nobody is woken for an environment, and what to write where somebody is meant to be. */
export function whyNotThere(to: string, target: NotifyPolicy, environment: string): { message: string; hint: string } {
  const named = (target as Pager).environments;
  const where = named ? list(named) : 'the environments in which the policy requires an approval';
  return {
    message: `\`${to}\` is told of nothing by this: it wakes people for ${where} alone`,
    hint: `where people are to be woken for it, add \`${environment}\` to \`environments\` of \`${to}\` in the policy`,
  };
}
