import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Records } from '../../activities/records/port.ts';
import { createReleasedCommit } from '../../workers/compose-released-commit.ts';
import { aRegion } from '../domain/builders.ts';
import { aReleaseThatMayAct, aRollbackOf, authorizing } from '../support/acting-release.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';

/** As an engine worker may see them. */
const separated = useSeparatedRecords();
let records: Records;
beforeAll(() => {
  records = separated.owner;
});

const atGithub = 'https://github.com/example/shop.git';

const releaseOf = (service: string, repository = atGithub) => {
  const { verifier } = authorizing(separated.engine);
  return createReleasedCommit({
    records: separated.engine,
    verifier,
    services: async () => ({ [service]: { repository } }),
  });
};

describe('what a run is about at GitHub', () => {
  it('is the commit on record, in the repository of the policy, with what the plan puts where', async () => {
    const run = await aReleaseThatMayAct(records);
    const { releaseId } = run.authority;
    const attempt = await records.attempts.find(releaseId);
    expect(await releaseOf(run.lane.service)(releaseId)).toEqual({
      release: releaseId,
      host: 'github.com',
      repository: 'example/shop',
      commit: attempt!.request.commit,
      placed: {
        regions: run.plan.regions.map(({ name }) => name),
        components: run.plan.components.map(({ name, image, regions }) => ({ name, image, regions })),
      },
    });
  });

  it('is of a rollback of some regions a part of it: in others it stands', async () => {
    const run = await aReleaseThatMayAct(records, { plan: { regions: [aRegion('de'), aRegion('nl')] } });
    const partly = await aRollbackOf(run, { records, regions: ['nl'] });
    expect(await releaseOf(run.lane.service)(partly.authority.releaseId)).toMatchObject({ isPartly: true });
  });

  it('is of a rollback the release that was ordered back', async () => {
    const run = await aReleaseThatMayAct(records);
    const back = await aRollbackOf(run, { records, regions: ['de'] });
    expect(await releaseOf(run.lane.service)(back.authority.releaseId)).toMatchObject({
      release: run.authority.releaseId,
    });
  });

  it.each(['release/shop/production/unheard/1', 'rollback/shop/production/1234'])(
    'is nothing where nothing is on record: %s',
    async (run) => {
      await expect(releaseOf('shop')(run)).rejects.toThrow(/SLIP-NTF-2.*nothing is on record/);
    },
  );

  it.each([
    ['/srv/git/shop.git', (service: string) => service],
    [atGithub, () => 'another'],
  ])('is nothing where the policy has no repository of GitHub for the service: %s', async (repository, named) => {
    const { authority, lane } = await aReleaseThatMayAct(records);
    await expect(releaseOf(named(lane.service), repository)(authority.releaseId)).rejects.toThrow(
      /SLIP-NTF-4.*`repository`/,
    );
  });
});
