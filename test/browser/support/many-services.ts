import type { LaneOverview, OpenRun, Overview, RegionOverview } from '../../../domain/contract/overview.ts';

const environments = ['development', 'integration', 'staging', 'production'];
const commitOf = (n: number) => (n * 2_654_435_761).toString(16).padStart(40, '7').slice(0, 40);

/** An answer as a large installation has it, to measure the page by: 200 services in four environments of two regions, 30 open runs. */
export function manyServices(now: number): Overview {
  const services = Array.from({ length: 200 }, (_, n) => `service-${String(n).padStart(3, '0')}`);
  const lanes = services.flatMap((service, n) =>
    environments.map((environment, e) => laneOf(service, environment, n * 4 + e, now)),
  );
  const runs = services.slice(0, 30).map((service, n) => runOf(service, n, now));
  return { at: now, environments, lanes, runs };
}

function laneOf(service: string, environment: string, n: number, now: number): LaneOverview {
  const region = (name: string, at: number): RegionOverview => ({
    ...{ region: name, state: at % 97 === 0 ? 'unknown' : at % 89 === 0 ? 'revoked' : 'verified', components: 3 },
    release: {
      releaseId: `release/${service}/${environment}/${commitOf(at)}/1`,
      ...{ number: at, requestedBy: `person-${at % 40}`, commit: commitOf(at), verifiedAt: now - at * 60_000 },
    },
    ...(at % 7 === 0 && { behind: { environment: 'staging', releases: 1 + (at % 5) } }),
  });
  return { service, environment, regions: [region('de', n), region('nl', n % 3 === 0 ? n + 1 : n)] };
}

function runOf(service: string, n: number, now: number): OpenRun {
  const commit = commitOf(10_000 + n);
  const isHeld = n % 10 === 0;
  return {
    ...{
      releaseId: `release/${service}/production/${commit}/1`,
      number: 10_000 + n,
      service,
      environment: 'production',
    },
    ...{ commit, branch: 'main', attempt: 1, requestedBy: `person-${n}`, startedAt: now - n * 30_000 },
    state: {
      stage: isHeld ? 'held' : 'deploying',
      ...{ since: now - n * 10_000, doing: isHeld ? 'waiting for a person' : 'deploying core in nl' },
      ...(isHeld && {
        waitingFor: { what: 'a decision', who: 'approvers', until: now + 3_600_000, decisions: ['roll-back'] },
      }),
    },
    regions: [
      { region: 'de', phase: 'verified', begunAt: now - 90_000, since: now - 60_000 },
      { region: 'nl', phase: isHeld ? 'failed' : 'deploying', begunAt: now - 50_000, since: now - 40_000 },
    ],
    ...(isHeld && { waitsForMe: true }),
  };
}
