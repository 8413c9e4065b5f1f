import type { LaneKey } from '../domain/contract/names.ts';
import type { Policy } from './load.ts';
import type { NotifyEntry } from './notify-schema.ts';
import type { Path } from './problem.ts';
import { own } from './reach.ts';

interface Said<Value> {
  value: Value;
  path: Path;
}

export interface OnCall {
  groups?: Said<readonly string[]>;
  notify?: Said<readonly NotifyEntry[]>;
}

/** Who is on call, each key by what the policy says of the service there, else of the environment. */
export function onCallOf({ content }: Pick<Policy, 'content'>, { service, environment }: LaneKey): OnCall {
  const reach = own(own(content.services, service)?.environments ?? {}, environment);
  const places = [
    { said: reach?.onCall, path: ['services', service, 'environments', environment, 'onCall'] },
    { said: own(content.environments, environment)?.onCall, path: ['environments', environment, 'onCall'] },
  ];
  const groups = places.find(({ said }) => said?.groups);
  const notify = places.find(({ said }) => said?.notify);
  return {
    ...(groups?.said?.groups && { groups: { value: groups.said.groups, path: [...groups.path, 'groups'] } }),
    ...(notify?.said?.notify && { notify: { value: notify.said.notify, path: [...notify.path, 'notify'] } }),
  };
}
