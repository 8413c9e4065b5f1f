import { approvalDefaults } from './approval-floor.ts';
import { approvalTimes } from './approval-times.ts';
import { durationMs } from './duration.ts';
import { entriesOf } from './notify.ts';
import { peopleReferences } from './people.ts';
import type { PolicyFile } from './policy-schema.ts';
import type { Finding, Path } from './problem.ts';
import { unknownName } from './unknown-name.ts';

/** What must hold between the values of a policy file. Takes content that has the right form. */
export function policyReferences(content: PolicyFile): Finding[] {
  const { clusters, notify = {}, services, environments, gates = {} } = content;
  const names = Object.keys(environments);
  const targets = Object.keys(notify);
  const targetsIn = (entries: Parameters<typeof entriesOf>[0], list: Path) =>
    entriesOf(entries, list).flatMap(({ to, at }) => unknownName(at, 'notify target', to, targets));
  const fromServices = Object.entries(services).flatMap(([service, { environments: reached }]) =>
    Object.entries(reached).flatMap(([name, { onCall }]) => {
      const path = ['services', service, 'environments', name];
      const unknown = unknownName(path, 'environment', name, names).map((finding) => ({ ...finding, atKey: true }));
      return [...unknown, ...targetsIn(onCall?.notify, [...path, 'onCall', 'notify'])];
    }),
  );
  const fromEnvironments = Object.entries(environments).flatMap(([name, environment]) => {
    const path = ['environments', name];
    const { required, groups = [], expires = approvalDefaults.expires, remind, escalate } = environment.approval;
    return [
      ...environment.clusters.flatMap((cluster, index) =>
        unknownName([...path, 'clusters', index], 'cluster', cluster, Object.keys(clusters)),
      ),
      ...(environment.gates ?? []).flatMap((gate, index) =>
        unknownName([...path, 'gates', index], 'gate', gate, Object.keys(gates)),
      ),
      ...(environment.promotedFrom ?? []).flatMap((from, index) => {
        const at = [...path, 'promotedFrom', index];
        const message = `\`${name}\` cannot be promoted from itself`;
        return from === name ? [{ path: at, message }] : unknownName(at, 'environment', from, names);
      }),
      ...promotedByItself(environment, path),
      ...targetsIn(environment.notify, [...path, 'notify']),
      ...targetsIn(environment.onCall?.notify, [...path, 'onCall', 'notify']),
      ...(required && groups.length === 0
        ? [{ path: [...path, 'approval', 'groups'], message: 'approval is required, but no group may approve' }]
        : []),
      ...approvalTimes({ remind, escalate, expires }, [...path, 'approval']),
    ];
  });
  const fromTargets = Object.entries(notify).flatMap(([target, said]) => {
    const told = said.kind === 'pagerduty' ? (said.environments ?? []) : [];
    return told.flatMap((name, at) => unknownName(['notify', target, 'environments', at], 'environment', name, names));
  });
  return [...fromTargets, ...fromServices, ...fromEnvironments, ...peopleReferences(content)];
}

function promotedByItself(
  { promotedFrom, promotedWithin, promotedAfter }: PolicyFile['environments'][string],
  environment: Path,
): Finding[] {
  if (promotedAfter === undefined) return [];
  const path = [...environment, 'promotedAfter'];
  if (!promotedFrom)
    return [{ path, message: 'nothing says where it is promoted from', hint: 'name it in `promotedFrom`' }];
  if (promotedWithin === undefined || durationMs(promotedAfter) < durationMs(promotedWithin)) return [];
  const message = `by then it is too old to be promoted: \`promotedWithin\` is ${promotedWithin}`;
  return [{ path, message, hint: 'shorten `promotedAfter`, or lengthen `promotedWithin`' }];
}
