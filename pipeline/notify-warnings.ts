import type { NoticeFilter } from '../domain/contract/notices.ts';
import { eventNames, eventsPassing, isNarrow, levelsOf, namesMore, narrowed } from '../domain/notices.ts';
import { list } from './floors.ts';
import type { Pipeline, Policy } from './load.ts';
import { asCalled, entriesOf, ownFilter, toldByPipeline, toldByPolicy } from './notify.ts';
import type { Told } from './notify.ts';
import { whyNotThere } from './who-is-woken.ts';
import type { NotifyPolicy } from './policy-schema.ts';
import type { Finding, Path } from './problem.ts';
import { own } from './reach.ts';
import { asksForApproval } from '../domain/outbox.ts';

/**
 * Filters through which nothing comes, and those that keep nothing away: nobody notices either until it matters. What depends on what a
 * release does cannot be seen here.
 */

/** By slipway.yaml alone. */
export function deafEntries({ content }: Pipeline): Finding[] {
  const lists: Told[][] = [
    entriesOf(content.notify, ['notify']),
    ...Object.entries(content.environments).map(([name, { notify }]) =>
      entriesOf(notify, ['environments', name, 'notify']),
    ),
  ];
  return lists.flat().flatMap((told) => deaf(told, told.filter));
}

/** By the policy alone: targets, and who it has told. */
export function deafInPolicy({ content }: Policy): Finding[] {
  const targets = content.notify ?? {};
  const ofTargets = Object.entries(targets).flatMap(([name, target]) =>
    deaf({ to: name, path: ['notify', name] }, ownFilter(target)),
  );
  const judged = (environment: string) => (told: Told) => {
    const found = deafTo(told, targets);
    return found.length > 0 ? found : deafThere(told, content, environment);
  };
  const always = Object.entries(content.environments).flatMap(([name, { notify }]) =>
    entriesOf(notify, ['environments', name, 'notify']).flatMap(judged(name)),
  );
  const called = onCallLists(content).flatMap(([notify, path, name]) =>
    entriesOf(notify, path).map(asCalled).flatMap(judged(name)),
  );
  return [...ofTargets, ...always, ...called];
}

type Content = Policy['content'];
type OnCallPolicy = NonNullable<Content['environments'][string]['onCall']>;

/** With the environment that each is about. */
type OnCallList = [OnCallPolicy['notify'], Path, string];

function onCallLists({ environments, services }: Content): OnCallList[] {
  const ofEnvironments = Object.entries(environments).map(([name, { onCall }]): OnCallList => [
    onCall?.notify,
    ['environments', name, 'onCall', 'notify'],
    name,
  ]);
  const ofServices = Object.entries(services).flatMap(([service, { environments: reached }]) =>
    Object.entries(reached).map(([name, { onCall }]): OnCallList => [
      onCall?.notify,
      ['services', service, 'environments', name, 'onCall', 'notify'],
      name,
    ]),
  );
  return [...ofEnvironments, ...ofServices];
}

/** By both files. What is told about every environment is judged by all of them that the policy lets in. */
export function deafInBoth(pipeline: Pipeline, policy: Policy): Finding[] {
  const { environments, service } = pipeline.content;
  const targets = policy.content.notify ?? {};
  const seen = Object.keys(environments).filter((name) => own(policy.content.environments, name) !== undefined);
  const found = seen.map((environment) => {
    const always = toldByPolicy(policy, { service, environment });
    const mine = toldByPipeline(pipeline, environment);
    return mine.map((told) => ({
      told,
      finding: isDeaf(told)
        ? undefined
        : (deafHere(pipeline, policy, { told, environment, targets }) ??
          needless(told, [
            { file: policy, entries: always },
            { file: pipeline, entries: mine },
          ])),
    }));
  });
  const byPlace = Map.groupBy(found.flat(), ({ told }) => JSON.stringify(told.path));
  return [...byPlace.values()].flatMap((those) => {
    const findings = those.flatMap(({ finding }) => finding ?? []);
    return findings.length === those.length ? findings.slice(0, 1) : [];
  });
}

interface Here {
  told: Told;
  environment: string;
  targets: Record<string, NotifyPolicy>;
}

/** What slipway.yaml shows by itself is told by itself. */
function isDeaf({ filter }: Told): boolean {
  return eventsPassing(filter).length === 0;
}

/** Nothing comes through where the target is, or of what happens there. */
function deafHere(pipeline: Pipeline, policy: Policy, { told, environment, targets }: Here): Finding | undefined {
  const [byTarget] = [...deafTo(told, targets, policy), ...deafThere(told, policy.content, environment)];
  if (byTarget) return byTarget;
  const target = own(targets, told.to);
  const events = eventsPassing(target ? narrowed(ownFilter(target), told.filter) : told.filter);
  const mine = pipeline.content.environments[environment]?.approval?.required ?? false;
  const isApproved = mine || (own(policy.content.environments, environment)?.approval.required ?? false);
  if (isApproved || !events.every(asksForApproval)) return undefined;
  const message = `\`${told.to}\` is told of nothing by this: only of \`approval\`, and nobody need approve here`;
  return { path: told.path, message };
}

/** Nobody is woken for it. */
function deafThere({ to, path }: Told, content: Content, environment: string): Finding[] {
  const target = own(content.notify ?? {}, to);
  const why = target && whyNotThere([to, target], content, environment);
  return why ? [{ path, ...why }] : [];
}

/** With what the operator lets the target be told. */
function deafTo(told: Told, targets: Record<string, NotifyPolicy>, policy?: Policy): Finding[] {
  const target = own(targets, told.to);
  if (!target) return [];
  const bound = ownFilter(target);
  // Told where the target is.
  if (eventsPassing(bound).length === 0) return [];
  const found = deaf(told, narrowed(bound, told.filter));
  const isBound = isNarrow(bound) && eventsPassing(told.filter).length > 0;
  const by = isBound && policy ? { by: `${policy.file}:${policy.locate(['notify', told.to]).line}` } : {};
  return found.map((finding) => ({ ...finding, ...by }));
}

function deaf({ to, path }: Pick<Told, 'to' | 'path'>, filter: NoticeFilter): Finding[] {
  if (eventsPassing(filter).length > 0) return [];
  const { events = eventNames, level = 'info' } = filter;
  const levels = events.map((event) => `\`${event}\` is ${list(levelsOf(event))}`).join(', ');
  const why = events.length === 0 ? 'it is told of other events alone' : `${levels}, below \`${level}\``;
  return [
    {
      path,
      message: `\`${to}\` is told of nothing by this: ${why}`,
      hint: events.length === 0 ? undefined : `there come through: ${list(eventsPassing({ level }))}`,
    },
  ];
}

interface Entries {
  file: Pipeline | Policy;
  entries: readonly Told[];
}

/** Entries add up: one that has it told of everything is not narrowed by another. */
function needless({ to, filter, path }: Told, all: readonly Entries[]): Finding | undefined {
  if (!isNarrow(filter) || namesMore(filter)) return undefined;
  const [place] = all.flatMap(({ file, entries }) =>
    entries
      .filter((one) => one.to === to && !isNarrow(one.filter))
      .map((whole) => `${file.file}:${file.locate(whole.path).line}`),
  );
  if (place === undefined) return undefined;
  return {
    path,
    message: `this narrows nothing: \`${to}\` is named without it, too`,
    hint: 'what is named twice is told of what either lets through: leave it out there, or here',
    by: place,
  };
}
