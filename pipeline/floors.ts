import type { BreachPolicy } from '../domain/contract/breach.ts';
import type { ServiceBounds } from '../domain/contract/policy.ts';
import type { ApprovalPolicy, FailurePolicy, Millis, OnInconclusive, ScanSpec } from '../domain/contract/release.ts';
import { approvalPolicy, leastApproval } from './approval-floor.ts';
import { approvalTimes } from './approval-times.ts';
import { defined } from './defined.ts';
import { durationMs } from './duration.ts';
import { gatesAsked } from './gates-asked.ts';
import type { Pipeline, Policy } from './load.ts';
import { nearest } from '../domain/nearest.ts';
import { groupsNamed } from './groups-named.ts';
import type { EnvironmentFile } from './pipeline-schema.ts';
import type { EnvironmentPolicy } from './policy-schema.ts';
import type { Finding, Path } from './problem.ts';

/**
 * What the operator asks for at least. A repository may ask for more. Where it asks for less the release is refused, with both lines
 * named; where it says nothing the operator's word holds.
 */

/** One environment as both files see it, and where findings about it go. */
export interface Comparison {
  environment: string;
  pipeline: Pipeline;
  policy: Policy;
  wanted: EnvironmentFile;
  floor: EnvironmentPolicy;
  /** What the service may use there; undefined where the policy does not let it in. */
  bounds?: ServiceBounds;
  findings: Finding[];
}

/** Records that slipway.yaml, at `path`, asks for less than the policy does at `policyPath` (inside the environment). */
export function refuse(
  at: Comparison,
  path: Path,
  message: string,
  policyPath: Path,
  advice: Pick<Finding, 'hint' | 'correction'> = {},
): void {
  const { line } = at.policy.locate(['environments', at.environment, ...policyPath]);
  at.findings.push({ path, message, by: `${at.policy.file}:${line}`, ...advice });
}

export function approvalOf(at: Comparison): ApprovalPolicy {
  const { wanted, floor, environment } = at;
  const mine = wanted.approval ?? {};
  const least = leastApproval(floor);
  const path = ['environments', environment, 'approval'];
  const { required = least.required, quorum = least.quorum, groups = least.groups } = mine;
  const { expires = least.expires, excludeRequester = least.excludeRequester } = mine;
  const { excludeAuthors = least.excludeAuthors, remind = least.remind, escalate = least.escalate } = mine;
  if (least.required && !required) {
    refuse(at, [...path, 'required'], 'approval cannot be turned off: the policy requires it', [
      'approval',
      'required',
    ]);
  }
  if (quorum < least.quorum) {
    refuse(at, [...path, 'quorum'], `the quorum is ${quorum}, the policy asks for at least ${least.quorum}`, [
      'approval',
      'quorum',
    ]);
  }
  if (durationMs(expires) > durationMs(least.expires)) {
    refuse(at, [...path, 'expires'], `approval expires after ${expires}, the policy allows at most ${least.expires}`, [
      'approval',
      'expires',
    ]);
  }
  if (least.excludeRequester && !excludeRequester) {
    const message = 'the requester may not approve: the policy excludes the requester';
    refuse(at, [...path, 'excludeRequester'], message, ['approval', 'excludeRequester']);
  }
  if (least.excludeAuthors && !excludeAuthors) {
    const message = 'authors may not approve: the policy excludes them';
    refuse(at, [...path, 'excludeAuthors'], message, ['approval', 'excludeAuthors']);
  }
  const outsiders = least.groups.length === 0 ? [] : groups.filter((group) => !least.groups.includes(group));
  for (const group of outsiders) {
    const message = `the group \`${group}\` may not approve, the policy allows ${list(least.groups)}`;
    const hint = groupMeant(at.policy, group, least.groups);
    refuse(at, [...path, 'groups', groups.indexOf(group)], message, ['approval', 'groups'], { hint });
  }
  // An empty list would let nobody approve where the policy names people; where it names nobody the repository has to.
  if (required && groups.length === 0) {
    refuse(at, [...path, 'groups'], 'approval is required, but no group may approve', ['approval', 'groups']);
  }
  refuseSooner(at, path);
  // What the policy says is dropped where this file waits no longer than that.
  if (mine.remind !== undefined || mine.escalate !== undefined)
    at.findings.push(...approvalTimes({ remind: mine.remind, escalate: mine.escalate, expires }, path));
  const times = { expires, ...defined({ remind, escalate }) };
  return approvalPolicy({ required, quorum, groups, ...times, excludeRequester, excludeAuthors });
}

/** Others may approve where they may by the policy: from the beginning, or as late as it says. Where it names nobody it lets anybody. */
function refuseSooner(at: Comparison, path: Path): void {
  const escalate = at.wanted.approval?.escalate;
  const { groups, escalate: least } = leastApproval(at.floor);
  if (!escalate || groups.length === 0) return;
  const allowed = [...new Set([...groups, ...(least?.to ?? [])])];
  const beyond = escalate.to.filter((group) => !groups.includes(group));
  for (const group of beyond.filter((one) => !allowed.includes(one))) {
    const message = `the group \`${group}\` may not approve, however long nobody does: the policy allows ${list(allowed)}`;
    const hint = groupMeant(at.policy, group, allowed);
    const policyPath = least ? ['approval', 'escalate', 'to'] : ['approval', 'groups'];
    refuse(at, [...path, 'escalate', 'to', escalate.to.indexOf(group)], message, policyPath, { hint });
  }
  if (!least || durationMs(escalate.after) >= durationMs(least.after)) return;
  if (beyond.some((group) => least.to.includes(group))) {
    const message = `others may approve after ${escalate.after}, the policy lets them after ${least.after} at the soonest`;
    refuse(at, [...path, 'escalate', 'after'], message, ['approval', 'escalate', 'after']);
  }
}

/** Which of the two files has the name wrong is told by where else it stands. */
function groupMeant(policy: Policy, group: string, allowed: readonly string[]): string | undefined {
  const near = nearest(group, allowed);
  if (near === undefined) return undefined;
  const times = (wanted: string) => groupsNamed(policy).filter((named) => named.group === wanted).length;
  return times(near) === 1 && times(group) > 0
    ? `\`${near}\` is named nowhere else: is \`${group}\` meant in the policy?`
    : `did you mean \`${near}\`?`;
}

const millisPerDay = 86_400_000;

export function scanOf(at: Comparison, now: Millis): ScanSpec {
  const { pipeline, floor, environment } = at;
  const mine = pipeline.content.scan ?? {};
  const least = {
    failOn: ['CRITICAL' as const, 'HIGH' as const],
    unknownSeverity: 'fail' as const,
    ...gatesAsked(floor),
    ...defined(floor.scan ?? {}),
  };
  const { failOn = least.failOn, images = least.images, secrets = least.secrets } = mine;
  const missing = least.failOn.filter((severity) => !failOn.includes(severity));
  if (missing.length > 0) {
    refuse(at, ['scan', 'failOn'], `the scan ignores ${list(missing)}, the policy fails on ${list(least.failOn)}`, [
      'scan',
      'failOn',
    ]);
  }
  if (least.images && !images) refuse(at, ['scan', 'images'], 'images must be scanned', ['scan', 'images']);
  if (least.secrets && !secrets) refuse(at, ['scan', 'secrets'], 'secrets must be looked for', ['scan', 'secrets']);
  // What nobody has judged yet is not harmless: only the policy may let it pass.
  const unknown = least.unknownSeverity === 'fail' && !failOn.includes('UNKNOWN') ? (['UNKNOWN'] as const) : [];
  return { images, secrets, failOn: [...failOn, ...unknown], exceptions: exceptionsOf(at, now, environment) };
}

function exceptionsOf(at: Comparison, now: Millis, environment: string): ScanSpec['exceptions'] {
  const { allowed, longestDays = 90 } = at.floor.scan?.exceptions ?? { allowed: false };
  return (at.pipeline.content.scan?.exceptions ?? []).flatMap(({ id, reason, expires, environments }, index) => {
    if (environments !== undefined && !environments.includes(environment)) return [];
    const path = ['scan', 'exceptions', index];
    const policyPath = ['scan', 'exceptions'];
    // Written so that a time that is no number refuses: the check fails closed.
    const near = Date.parse(`${expires}T00:00:00Z`) <= now + longestDays * millisPerDay;
    if (!allowed) refuse(at, path, 'the policy allows no exceptions here', policyPath);
    else if (!near) {
      const message = `the exception for ${id} lasts until ${expires}, the policy allows at most ${longestDays} days`;
      refuse(at, [...path, 'expires'], message, [...policyPath, 'longestDays']);
    }
    return [{ id, reason, expires }];
  });
}

export function failurePolicyOf(at: Comparison): FailurePolicy {
  const allowed = at.floor.onFailure ?? (['hold', 'roll-back-region', 'roll-back-all'] as const);
  const { partial = allowed[0]!, confirm = true, hold = '24h' } = at.wanted.onFailure ?? {};
  if (!allowed.includes(partial)) {
    const path = ['environments', at.environment, 'onFailure', 'partial'];
    refuse(at, path, `\`${partial}\` is not among the failure policies allowed: ${list(allowed)}`, ['onFailure']);
  }
  return { partial, confirm, holdMs: durationMs(hold), onInconclusive: onInconclusiveOf(at) };
}

/** To go on unproven, the operator must have allowed it by name. */
function onInconclusiveOf(at: Comparison): OnInconclusive {
  const allowed = at.floor.onInconclusive ?? (['hold', 'roll-back'] as const);
  const { onInconclusive = allowed[0]! } = at.wanted;
  if (!allowed.includes(onInconclusive)) {
    const path = ['environments', at.environment, 'onInconclusive'];
    refuse(at, path, `\`${onInconclusive}\` is not among what is allowed: ${list(allowed)}`, ['onInconclusive']);
  }
  return onInconclusive;
}

/** Absent when people are to be told, which is always allowed. */
export function breachPolicyOf(at: Comparison): BreachPolicy | undefined {
  if (at.wanted.onBreach !== 'roll-back') return undefined;
  if (!at.floor.rollBackOnBreach) {
    const path = ['environments', at.environment, 'onBreach'];
    refuse(at, path, 'the policy lets nothing but a person roll back here', ['rollBackOnBreach']);
  }
  return 'roll-back';
}

export function tagsOf(at: Comparison): string[] {
  const allowed = at.floor.tags ?? [];
  const tags = at.wanted.tags ?? [];
  tags.forEach((tag, index) => {
    if (allowed.includes(tag)) return;
    const message = `the tag \`${tag}\` may not be moved, the policy allows ${allowed.length === 0 ? 'none' : list(allowed)}`;
    refuse(at, ['environments', at.environment, 'tags', index], message, ['tags']);
  });
  return [...tags];
}

export function list(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}
