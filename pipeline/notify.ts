import type { LaneKey } from '../domain/contract/names.ts';
import type { NoticeFilter } from '../domain/contract/notices.ts';
import type { NotifySpec, NotifyTarget } from '../domain/contract/release.ts';
import { hintFor } from '../domain/nearest.ts';
import { isNarrow, namesMore, narrowed } from '../domain/notices.ts';
import { accessOf } from './access.ts';
import { defined } from './defined.ts';
import type { Comparison } from './floors.ts';
import type { Pipeline, Policy } from './load.ts';
import type { NotifyEntry } from './notify-schema.ts';
import { onCallOf } from './on-call.ts';
import { isToldThere } from './who-is-woken.ts';
import type { NotifyPolicy } from './policy-schema.ts';
import type { Path } from './problem.ts';
import { own } from './reach.ts';

/** One entry of a list, and where it stands. */
export interface Told {
  to: string;
  /** Of what; empty: of everything. */
  filter: NoticeFilter;
  path: Path;
  /** Where its target is named. */
  at: Path;
}

/** What is told to those on call, or may wake somebody, is for them to act on at once. */
const onCallHears: NoticeFilter = { level: 'problem' };

export function entriesOf(entries: readonly NotifyEntry[] | undefined, list: Path): Told[] {
  return (entries ?? []).map((entry, index) => {
    const path = [...list, index];
    if (typeof entry === 'string') return { to: entry, filter: {}, path, at: path };
    const { to, ...filter } = entry;
    return { to, filter: defined(filter), path, at: [...path, 'to'] };
  });
}

/** Of the policy: those that are always told, and those on call. */
export function toldByPolicy(policy: Policy, lane: { service: string; environment: string }): Told[] {
  const { notify } = own(policy.content.environments, lane.environment) ?? {};
  const always = entriesOf(notify, ['environments', lane.environment, 'notify']);
  const { notify: called } = onCallOf(policy, lane);
  return [...always, ...entriesOf(called?.value, called?.path ?? []).map(asCalled)];
}

/** Those on call, of what an entry says. */
export function asCalled(told: Told): Told {
  return { ...told, filter: narrowed(onCallHears, told.filter) };
}

/** Of slipway.yaml: those of every environment, and those of this one. */
export function toldByPipeline({ content }: Pipeline, environment: string): Told[] {
  return [
    ...entriesOf(content.notify, ['notify']),
    ...entriesOf(content.environments[environment]?.notify, ['environments', environment, 'notify']),
  ];
}

/** The policy's own targets first, then those that the repository adds; each once, told of what any of its entries lets through. */
export function notifyOf(at: Comparison): NotifySpec[] {
  const { pipeline, policy, environment } = at;
  const targets = policy.content.notify ?? {};
  const known = Object.keys(targets);
  const added = toldByPipeline(pipeline, environment);
  for (const { to, at: path } of added) {
    if (!known.includes(to)) {
      const message = `${policy.file} has no notify target \`${to}\``;
      at.findings.push({ path, message, hint: hintFor(to, known) });
    } else if (targets[to]?.kind === 'slack') {
      const message = `\`${to}\` is a channel of Slack: the operator's policy alone says what is shown there`;
      at.findings.push({ path, message });
    }
  }
  const all = [...toldByPolicy(policy, { service: pipeline.content.service, environment }), ...added];
  const byTarget = Map.groupBy(all, ({ to }) => to);
  return [...byTarget].flatMap(([name, entries]): NotifySpec[] => {
    if (!known.includes(name)) return [];
    const target = targets[name]!;
    if (!isToldThere(target, policy.content, environment)) return [];
    const told = targetOf(target);
    if (!told) return [];
    const filters = entries.map(({ filter }) => narrowed(ownFilter(target), filter));
    const areKept = filters.every(isNarrow) || filters.some(namesMore);
    return [{ name, ...told, ...(areKept && { only: filters }) }];
  });
}

/** What the operator lets it be told at most, whoever names it. */
export function ownFilter(target: NotifyPolicy): NoticeFilter {
  // What is shown at GitHub is whole: a deployment that is not told how it ends would stand as under way for ever.
  if (target.kind === 'slack' || target.kind === 'github') return {};
  if (target.kind === 'pagerduty') return narrowed(onCallHears, defined({ events: target.events }));
  return defined({ events: target.events, level: target.level });
}

/**
 * Channels in which the gateway shows the releases of that lane: those that the policy names in its environment. Where not everybody may look at
 * it, those alone whose readers may: whoever reads a channel reads all of it.
 */
export function slackChannelsOf(policy: Policy, lane: LaneKey): string[] {
  const { notify } = own(policy.content.environments, lane.environment) ?? {};
  const { look } = accessOf(policy, lane);
  const named = entriesOf(notify, []).map(({ to }) => own(policy.content.notify ?? {}, to));
  const channels = named.flatMap((target) => {
    if (target?.kind !== 'slack') return [];
    const { channel, readers = [] } = target;
    const mayLook = look === undefined || (readers.length > 0 && readers.every((group) => look.includes(group)));
    return mayLook ? [channel] : [];
  });
  return [...new Set(channels)];
}

/** Undefined for what the gateway shows, and no worker tells. */
function targetOf(target: NotifyPolicy): NotifyTarget | undefined {
  if (target.kind === 'slack') return undefined;
  return target.kind === 'webhook' ? { kind: target.kind, url: target.url } : { kind: target.kind };
}
