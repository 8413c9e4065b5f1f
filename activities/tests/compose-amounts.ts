import { failure } from '../../domain/errors/catalogue.ts';

/**
 * How much one try may make on the daemon, in all. The daemon is shared: Docker has addresses for about 30 networks by itself, and whoever
 * takes them stops the tests of everybody else.
 */
const most = { containers: 60, networks: 8, volumes: 100 };

/** Throws SLIP-TEST-3 where what Compose has resolved would make more than a try may. */
export function refuseAmounts(resolved: unknown): void {
  const { services, networks, volumes } = asMap(resolved);
  const made = Object.values(asMap(services)).map(asMap);
  const amounts = {
    containers: sum(made.map(containersOf)),
    networks: Object.keys(asMap(networks)).length,
    // Each container has its own of those that have no name.
    volumes: Object.keys(asMap(volumes)).length + sum(made.map((one) => containersOf(one) * namelessOf(one))),
  };
  for (const kind of ['containers', 'networks', 'volumes'] as const) {
    if (amounts[kind] > most[kind])
      throw failure('SLIP-TEST-3', `the compose file makes ${amounts[kind]} ${kind}: at most ${most[kind]} in all`);
  }
}

/** How many containers Compose makes of a service: none of one with a profile, which nobody chooses here. */
export function containersOf({ profiles, scale, deploy }: Record<string, unknown>): number {
  if (Array.isArray(profiles) && profiles.length > 0) return 0;
  const said = [scale, asMap(deploy)['replicas']].flatMap((count) => (count === undefined ? [] : [Number(count)]));
  // Which of the two counts is told apart by versions of Compose: none where either says none, else the more of them.
  return said.includes(0) ? 0 : Math.max(1, ...said);
}

/** Volumes without a name; those with one are counted where they are declared, also those that the checkout is copied into. */
const namelessOf = ({ volumes }: Record<string, unknown>) =>
  Array.isArray(volumes) ? volumes.filter((one: unknown) => isNameless(one)).length : 0;

/** Versions of Compose write a path alone, or a map. */
function isNameless(mount: unknown): boolean {
  if (typeof mount === 'string') return !mount.includes(':');
  const { type, source } = asMap(mount);
  return type === 'volume' && (source === undefined || source === null || source === '');
}

const sum = (counts: readonly number[]) => counts.reduce((all, one) => all + one, 0);

export const asMap = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
