import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { WorkflowUpdateFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKeyPair, createSigner } from '../../activities/shared/signatures.ts';
import { messages } from '../../domain/contract/names.ts';
import type { Decision, SignedDecision } from '../../domain/contract/decisions.ts';
import { endOf, verified } from '../support/world-end.ts';
import { ask } from '../support/world-service.ts';
import type { Service } from '../support/world-service.ts';
import { countsOf } from '../support/world-counts.ts';
import { startIntruder } from '../support/world-foreign.ts';
import type { Intruder } from '../support/world-foreign.ts';
import { patience, until } from '../support/world-until.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

/** What access to Temporal alone is good for: nothing that changes anything. */

let world: World;
let intruder: Intruder;
let service: Service;
let other: Service;
/** Waits for its approval in all of these tests. */
let releaseId: string;
let planHash: string;
/** Another service's release that was approved and verified, and how. */
let finished: { releaseId: string; planHash: string; image: string; signed: SignedDecision };
const migration = 'create table weights (grams integer)';

beforeAll(async () => {
  world = await startWorld({ services: ['guarded', 'other', 'frozen'] });
  intruder = await startIntruder(world);
  [service, other] = await Promise.all([world.add({ name: 'guarded', migration }), world.add({ name: 'other' })]);
  const images = await other.images();
  const [waiting, view] = await Promise.all([service.start(), other.release({ images })]);
  expect(endOf(view)).toEqual(verified);
  releaseId = waiting;
  planHash = (await service.reaches(releaseId, 'awaiting-approval')).planHash ?? '';
  const [stored] = await onRecord<{ signed: SignedDecision }>(
    'select signed from slipway.decisions where release_id = $1',
    [view.releaseId],
  );
  finished = {
    releaseId: view.releaseId,
    planHash: stored!.signed.decision.planHash,
    image: images['core']!,
    signed: stored!.signed,
  };
}, patience.preparation);

afterAll(async () => {
  await intruder?.leave();
  await world?.stop();
});

function onRecord<Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> {
  return ask<Row>(world.services.postgres.url('slipway'), text, values);
}

function approval(changes: Partial<Decision> = {}): Decision {
  const by = { id: 'lab-approver', via: 'token', groups: ['approvers'] };
  return {
    id: randomUUID(),
    kind: 'approve',
    releaseId,
    planHash,
    by,
    channel: 'test',
    decidedAt: Date.now(),
    reason: '',
    ...changes,
  };
}

/** As the gateway would sign: the key is in its hands alone, but what it signed may be copied. */
async function signedByGateway(decision: Decision): Promise<SignedDecision> {
  return createSigner(await readFile(world.engine.environment['SLIPWAY_SIGNING_KEY']!, 'utf8')).sign(decision);
}

const forgeries: { name: string; says: RegExp; make: () => Promise<unknown> }[] = [
  {
    name: 'whose signature is forged',
    says: /signature does not hold/,
    make: async () => ({ ...(await signedByGateway(approval())), signature: Buffer.alloc(64, 7).toString('base64') }),
  },
  {
    name: 'that nobody has signed',
    says: /not a signed decision/,
    make: async () => ({ decision: approval() }),
  },
  {
    name: 'whose signature is empty',
    says: /not a signed decision|signature does not hold/,
    make: async () => ({ ...(await signedByGateway(approval())), signature: '' }),
  },
  {
    name: 'signed by a key that nobody knows',
    says: /signature does not hold/,
    make: async () => createSigner(createKeyPair().privateKeyPem).sign(approval()),
  },
  {
    name: 'signed by a key that takes the name of a known one',
    says: /signature does not hold/,
    make: async () => ({
      ...createSigner(createKeyPair().privateKeyPem).sign(approval()),
      keyId: (await signedByGateway(approval())).keyId,
    }),
  },
  {
    name: 'for a plan that was changed since',
    says: /another plan/,
    make: async () => signedByGateway(approval({ planHash: planHash.replace(/^./, (c) => (c === '0' ? '1' : '0')) })),
  },
  {
    name: 'whose plan was changed after it was signed',
    says: /signature does not hold/,
    make: async () => {
      const signed = await signedByGateway(approval({ planHash: finished.planHash }));
      return { ...signed, decision: { ...signed.decision, planHash } };
    },
  },
  {
    name: 'that was given to another release',
    says: /it is about release\/other/,
    make: async () => finished.signed,
  },
  {
    name: 'that was given to another release, renamed to this one',
    says: /signature does not hold/,
    make: async () => ({ ...finished.signed, decision: { ...finished.signed.decision, releaseId, planHash } }),
  },
  {
    name: 'of somebody who is not in the group',
    says: /not in the group approvers/,
    make: async () => signedByGateway(approval({ by: { id: 'lab-visitor', via: 'token', groups: ['visitors'] } })),
  },
  {
    name: 'of the person who asked for the release',
    says: /asked for this release and may not approve it/,
    make: async () =>
      signedByGateway(approval({ by: { id: 'lab-developer', via: 'token', groups: ['developers', 'approvers'] } })),
  },
  {
    name: 'that is no decision at all',
    says: /not a signed decision/,
    make: async () => ({ decision: { kind: 'approve' } }),
  },
];

describe('a decision sent straight to Temporal', () => {
  it.each(forgeries)('$name is refused as an Update, and changes nothing', async ({ make, says }) => {
    const update = world.temporal.workflow
      .getHandle(releaseId)
      .executeUpdate(messages.decide, { args: [await make()] });
    await expect(
      update.catch((error: WorkflowUpdateFailedError) => Promise.reject(error.cause ?? error)),
    ).rejects.toThrow(says);
    await stillWaits();
  });

  it.each(forgeries)('$name is refused as a Signal, and changes nothing', async ({ make, says }) => {
    const refusals = async () =>
      (await service.status(releaseId)).log.filter(
        ({ line }) => line.startsWith('a decision was refused') && says.test(line),
      ).length;
    const before = await refusals();
    await world.temporal.workflow.getHandle(releaseId).signal(messages.decideSignal, await make());
    await until('the run to refuse it', async () => (await refusals()) > before);
    await stillWaits();
  });

  it('is refused too when it goes through the gateway by somebody who may not', async () => {
    const decision = { decisionId: randomUUID(), kind: 'approve', planHash, channel: 'test', reason: '' } as const;
    await expect(world.developer.decide(releaseId, decision)).rejects.toThrow(/not in the group/);
    await stillWaits();
  });
});

async function stillWaits(): Promise<void> {
  expect(await service.status(releaseId)).toMatchObject({ stage: 'awaiting-approval', approvals: [] });
  await nothingHappened();
}

async function nothingHappened(): Promise<void> {
  expect(await countsOf(world, service)).toEqual({ images: {}, applyJobs: [], migrations: [], migrationStatements: 0 });
}

describe('a step scheduled by a workflow that is not ours', () => {
  const queue = 'environment-production';
  const ticket = { incarnation: 999, n: 999 };
  const changesOf = (authority: object) => [
    { queue, step: 'tagImages', input: { authority, tags: 'commit' } },
    { queue, step: 'startMigration', input: { authority, database: 'shop' } },
    { queue, step: 'watchMigration', input: { authority, database: 'shop' } },
    {
      queue,
      step: 'applyComponent',
      input: { authority, region: 'de', component: 'core', image: finished.image, purpose: 'deploy' },
    },
    {
      queue,
      step: 'applyComponent',
      input: { authority, region: 'de', component: 'core', image: finished.image, purpose: 'roll-back' },
    },
    { queue, step: 'verifyRegion', input: { authority, region: 'de', images: {}, purpose: 'deploy' } },
    { queue: 'slipway', step: 'recordVerified', input: { authority, regions: ['de', 'nl'] } },
  ];
  const allRefused = (answers: { code: string }[], code = 'SLIP-REL-10') =>
    expect(answers.map((a) => a.code)).toEqual(answers.map(() => code));

  it('is refused when it names a release that waits for its approval', async () => {
    const authority = { releaseId, subject: releaseId, planHash, ticket };
    allRefused(await intruder.tries({ type: 'foreign' }, changesOf(authority)));
    allRefused(await intruder.tries({ type: 'deployRelease' }, changesOf(authority)));
    await stillWaits();
  });

  it('is refused when its workflow has the id and the type of a release that nobody asked for', async () => {
    const id = releaseId.replace(/1$/, '7');
    for (const subject of [id, releaseId, finished.releaseId]) {
      const authority = { releaseId: id, subject, planHash, ticket };
      allRefused(await intruder.tries({ type: 'deployRelease', id }, changesOf(authority)));
    }
    await stillWaits();
  });

  it('is refused when its workflow has the id and the type of a rollback that nobody ordered', async () => {
    for (const target of [
      { subject: releaseId, planHash },
      { subject: finished.releaseId, planHash: finished.planHash },
    ]) {
      const lane = target.subject === releaseId ? 'guarded' : 'other';
      const id = `rollback/${lane}/production/${finished.signed.decision.id}`;
      allRefused(
        await intruder.tries({ type: 'rollBackRelease', id }, changesOf({ releaseId: id, ...target, ticket })),
      );
    }
    await stillWaits();
  });

  it('is refused when its workflow takes the id of an approved release that has ended', async () => {
    const before = await countsOf(world, other);
    const id = finished.releaseId;
    const authority = { releaseId: id, subject: id, planHash: finished.planHash, ticket };
    // It had changed something: whatever begins under its id now is not the run that did.
    allRefused(await intruder.tries({ type: 'deployRelease', id }, changesOf(authority)), 'SLIP-REL-9');
    expect(await countsOf(world, other)).toEqual(before);
  });

  it('may not plan a migration for a release, which would start a Job', async () => {
    const [answer] = await intruder.tries({ type: 'foreign' }, [
      { queue, step: 'planMigration', input: { database: 'shop', releaseId } },
    ]);
    expect(answer?.code).toBe('SLIP-REL-10');
    await nothingHappened();
  });

  it('may not write into the records of a lane or a release', async () => {
    const member = { releaseId, kind: 'release', commit: service.commit, queue: 'fifo', joinedAt: 0 };
    const steps = [
      {
        step: 'recordLane',
        input: {
          lane: service.lane,
          incarnation: 999,
          sequence: 1,
          closures: [],
          waiting: [],
          holder: { member, ticket, since: 0 },
        },
      },
      { step: 'beginLane', input: { lane: service.lane } },
      { step: 'readRelease', input: { releaseId } },
      { step: 'planRelease', input: { releaseId } },
      {
        step: 'consumeApproval',
        input: {
          releaseId: finished.releaseId,
          planHash: finished.planHash,
          decisionIds: [finished.signed.decision.id],
        },
      },
      {
        step: 'recordEnd',
        input: {
          releaseId,
          result: { outcome: 'verified', summary: '', artifacts: [], regions: [], timings: [] },
          notify: [],
        },
      },
    ];
    allRefused(
      await intruder.tries(
        { type: 'foreign' },
        steps.map((step) => ({ queue: 'slipway', ...step })),
      ),
    );
    allRefused(
      await intruder.tries({ type: 'foreign' }, [
        { queue: 'build', step: 'buildImage', input: { releaseId, component: 'core' } },
      ]),
    );
    await stillWaits();
  });
});

describe('a grant of the lane that the lane did not give', () => {
  it('lets nobody past a freeze', async () => {
    const frozen = await world.add({ name: 'frozen', migration });
    await world.approver.changeLane(frozen.lane, 'freeze', 'nobody deploys today');
    const id = await frozen.start();
    await frozen.approve(id);
    await frozen.reaches(id, 'awaiting-lane');
    const answer = { kind: 'granted', ticket: { incarnation: 999, n: 1 } };
    await world.temporal.workflow.getHandle(id).signal(messages.laneAnswer, answer);
    const view = await frozen.ends(id);
    expect({ outcome: view.outcome, summary: view.summary }).toMatchObject({
      outcome: 'failed',
      summary: expect.stringMatching(/does not hold its lane/),
    });
    expect(await countsOf(world, frozen)).toEqual({
      images: {},
      applyJobs: [],
      migrations: [],
      migrationStatements: 0,
    });
  });
});

describe('after all of this', () => {
  it('the release is still one approval away from being verified, and that approval counts once', async () => {
    await service.approve(releaseId);
    expect(endOf(await service.ends(releaseId))).toEqual(verified);
    const used = await onRecord('select from slipway.used_approvals where release_id = $1', [releaseId]);
    expect(used).toHaveLength(1);
    expect(await countsOf(world, service)).toMatchObject({ migrations: ['0001_change'], migrationStatements: 1 });
  });
});
