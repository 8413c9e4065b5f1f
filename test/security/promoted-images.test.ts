import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Records } from '../../activities/records/port.ts';
import { createRegionSteps } from '../../activities/steps/region-steps.ts';
import type { RegionDependencies } from '../../activities/steps/region-steps.ts';
import type { EnvironmentFloor } from '../../domain/contract/policy.ts';
import type { PlannedComponent, VerifiedRelease } from '../../domain/contract/release.ts';
import { aCommit, aPlannedComponent, aVerified, anImage } from '../domain/builders.ts';
import { aReleaseThatMayAct, authorizing } from '../support/acting-release.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';

/** Whoever wrote the plan has no say of how images come to an environment: its worker asks the policy on its own disk, and the records. */

const separated = useSeparatedRecords();
let records: Records;
beforeAll(() => {
  records = separated.owner;
});

const day = 86_400_000;
const asked: Partial<EnvironmentFloor> = { promotedFrom: ['staging'], promotedWithinMs: 14 * day };
const reached = new Error('the delivery was reached');

/** With the rights of a worker of that environment. What it would do is told by `reached`. */
function steps(floor: Partial<EnvironmentFloor>) {
  const never = () => Promise.reject(reached);
  const deliveries = [{ kind: 'deployment-image', plan: never, apply: never, watch: never, revert: never }];
  const deps = { ...authorizing(separated.environment, floor), deliveries, registry: { tag: never, resolve: never } };
  return createRegionSteps(deps as unknown as RegionDependencies);
}

async function deploying(
  component: Partial<PlannedComponent>,
  {
    verified,
    maxAgeMs = 14 * day,
    floor = asked,
  }: { verified?: Partial<VerifiedRelease>; maxAgeMs?: number; floor?: Partial<EnvironmentFloor> } = {},
) {
  const lane = { service: `shop-${randomUUID()}`, environment: 'production' };
  const there = `release/${lane.service}/staging/${aCommit()}/1`;
  if (verified) {
    const row = aVerified({
      service: lane.service,
      environment: 'staging',
      commit: aCommit(),
      image: anImage(),
      releaseId: there,
    });
    await records.inventory.record([{ ...row, ...verified }]);
  }
  const promoted = component.origin === 'promoted' && { promoted: { environment: 'staging', releaseId: there } };
  const plan = {
    components: [aPlannedComponent('core', { ...promoted, ...component })],
    promotion: { environment: 'staging', maxAgeMs },
  };
  const { act, authority } = await aReleaseThatMayAct(records, { lane, plan });
  const input = { authority, region: 'de', component: 'core', image: anImage(), purpose: 'deploy' as const };
  return act(steps(floor).applyComponent, input);
}

const refused = (why: string) => ({ details: { code: 'SLIP-REL-1', detail: expect.stringContaining(why) } });

describe('an approved plan, where the policy on the worker’s disk has images promoted', () => {
  it('may act with what the environment that it names has verified', async () => {
    await expect(deploying({ origin: 'promoted' }, { verified: {} })).rejects.toBe(reached);
  });

  it('may act as it likes where the policy asks for nothing', async () => {
    await expect(deploying({ origin: 'built' }, { floor: {} })).rejects.toBe(reached);
  });

  it.each(['built', 'given', 'unchanged'] as const)('may not act with an image that is %s', async (origin) => {
    await expect(deploying({ origin })).rejects.toMatchObject(
      refused(`core is ${origin}, and not promoted from staging: the operator's policy does not let shop-`),
    );
  });

  it('may not act with what was promoted from elsewhere', async () => {
    const promoted = { environment: 'dev', releaseId: `release/shop/dev/${aCommit()}/1` };
    await expect(deploying({ origin: 'promoted', promoted }, { floor: {} })).rejects.toMatchObject(
      refused('core is said to be promoted from dev'),
    );
    await expect(
      deploying({ origin: 'promoted' }, { verified: {}, floor: { promotedFrom: ['canary'] } }),
    ).rejects.toMatchObject(refused('core is promoted from staging, and not promoted from canary'));
  });

  it('may not take as old what it likes', async () => {
    await expect(deploying({ origin: 'promoted' }, { verified: {}, maxAgeMs: 15 * day })).rejects.toMatchObject(
      refused('it promotes images of an age of up to 15 days, and not of at most 14 days'),
    );
  });

  it.each<[string, Partial<VerifiedRelease> | undefined]>([
    ['nothing is verified there', undefined],
    ['another image is verified there', { image: anImage('core', '7') }],
    ['another commit is verified there', { commit: aCommit('e') }],
    ['another release has verified it there', { releaseId: 'release/shop/staging/of-somebody/1' }],
    ['another environment has it', { environment: 'dev' }],
  ])('is not believed that it promotes where %s', async (_what, verified) => {
    await expect(deploying({ origin: 'promoted' }, { ...(verified && { verified }) })).rejects.toMatchObject(
      refused('core is said to be promoted from staging, where release/shop-'),
    );
  });
});
