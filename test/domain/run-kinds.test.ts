import { describe, expect, it } from '@jest/globals';
import { refuseChange } from '../../domain/authority.ts';
import type { AuthorityFacts } from '../../domain/authority.ts';
import { laneOfRun, orderOfRollback, releaseId, rollbackId, searchAttributes } from '../../domain/contract/names.ts';
import { laneCaller, memberKindOf, readRunId, refuseStep, runKinds } from '../../domain/run-kinds.ts';
import type { RunKind } from '../../domain/run-kinds.ts';
import { aCommit, aDecision, aHash, aPlan, aFloor, aReleaseId, aRequest } from './builders.ts';
import { policyAround } from '../support/policy-around.ts';

const lane = { service: 'shop', environment: 'production' };

describe('the table of kinds of runs', () => {
  const rows: RunKind[] = Object.values(runKinds);

  it('has ids, and types of workflows, that belong to one kind each', () => {
    const names = [...rows, laneCaller].flatMap(({ prefix, workflowType }) => [prefix, workflowType]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('lets the way back go first', () => {
    const first = rows.filter((row) => rows.every((other) => row.priority <= other.priority));
    expect(first.map((row) => row.prefix)).toEqual(['rollback']);
  });

  it('reads its own ids: they say which lane a run is in, as what, and by which order', () => {
    const release = releaseId({ ...lane, commit: aCommit(), attempt: 2 });
    const rollback = rollbackId(lane, 'order-1');
    expect([release, rollback].map((id) => laneOfRun(id))).toEqual([lane, lane]);
    expect([release, rollback].map((id) => memberKindOf(id))).toEqual(['release', 'rollback']);
    expect([release, rollback].map((id) => orderOfRollback(id))).toEqual([undefined, 'order-1']);
  });

  it.each([
    'lane/shop/production',
    'release',
    'release/shop',
    'release/shop/production',
    'release/shop/production/',
    'release//production/x',
    'rollbacks/shop/production/x',
    '',
  ])('does not take "%s" for the id of a run', (id) => {
    expect(readRunId(id)).toBeUndefined();
    expect(memberKindOf(id)).toBe('release');
  });

  it('takes an id with more behind its order for no order at all', () => {
    expect(orderOfRollback('rollback/shop/production/order-1/2')).toBeUndefined();
  });
});

describe('refuseStep', () => {
  const release = { workflowId: aReleaseId(), workflowType: 'deployRelease' };
  const rollback = { workflowId: rollbackId(lane, 'order-1'), workflowType: 'rollBackRelease' };
  const theLane = { workflowId: 'lane/shop/production', workflowType: 'environmentLane' };

  it.each([
    ['release', release, ['buildImage', 'startMigration', 'applyComponent', 'recordVerified', 'chooseRollbacks']],
    ['rollback', rollback, ['findRelease', 'chooseRollbacks', 'applyComponent', 'verifyRegion', 'recordEnd']],
    ['lane', theLane, ['beginLane', 'recordLane', 'lookAtHolder', 'verifyOrder']],
  ])('lets a %s call its own steps', (_kind, caller, steps) => {
    expect(steps.map((step) => refuseStep({ ...caller, step }))).toEqual(steps.map(() => undefined));
  });

  it.each([
    ['a release', { ...release, step: 'recordLane' }, 'a release may not call recordLane'],
    ['a rollback', { ...rollback, step: 'startMigration' }, 'a rollback may not call startMigration'],
    ['a rollback', { ...rollback, step: 'recordVerified' }, 'a rollback may not call recordVerified'],
    ['a rollback', { ...rollback, step: 'buildImage' }, 'a rollback may not call buildImage'],
    ['a lane', { ...theLane, step: 'applyComponent' }, 'a lane may not call applyComponent'],
    ['a workflow of another type', { ...release, workflowType: 'sideDoor', step: 'announce' }, 'no run that may call'],
    ['a workflow with another id', { ...release, workflowId: 'mine-1', step: 'announce' }, 'no run that may call'],
    ['one kind under the id of another', { ...release, workflowId: rollback.workflowId, step: 'announce' }, 'no run'],
    ['a release under the id of a lane', { ...release, workflowId: theLane.workflowId, step: 'beginLane' }, 'no run'],
    ['a lane under the id of a release', { ...theLane, workflowId: aReleaseId(), step: 'beginLane' }, 'no run'],
    ['nobody', { workflowId: '', workflowType: '', step: 'announce' }, 'no run that may call'],
    ['a release, of a step that nobody knows', { ...release, step: 'toString' }, 'a release may not call toString'],
  ])('refuses %s what is not its own', (_who, call, reason) => {
    expect(refuseStep(call)).toContain(reason);
  });
});

describe('a new kind of run', () => {
  const promotion: RunKind = {
    workflowType: 'promoteRelease',
    prefix: 'promotion',
    inLane: 'release',
    authority: 'approvals',
    purposes: ['deploy', 'roll-back'],
    steps: ['announce', 'applyComponent', 'verifyRegion', 'recordVerified', 'recordEnd'],
    priority: 4,
    searchAttributes: ['service', 'environment', 'requestedBy'],
  };
  const kinds = { ...runKinds, promotion };
  const id = 'promotion/shop/production/staging-to-production/1';
  const deploying = { purpose: 'deploy', regions: ['de'] } as const;
  const facts: AuthorityFacts = {
    workflowId: id,
    workflowType: 'promoteRelease',
    claimed: { releaseId: id, subject: id, planHash: aHash() },
    plan: aPlan(),
    actualHash: aHash(),
    request: aRequest(),
    authors: [],
    decisions: [aDecision('approve', { releaseId: id })],
    worker: { floor: aFloor(undefined, policyAround(aPlan())) },
    now: 3_000,
  };

  it('is a row in the table: its lane, its rights and its steps follow from it', () => {
    expect(laneOfRun(id, kinds)).toEqual(lane);
    expect(memberKindOf(id, kinds)).toBe('release');
    expect(orderOfRollback(id, kinds)).toBeUndefined();
    expect(refuseChange(facts, deploying, kinds)).toBeUndefined();
    expect(refuseChange({ ...facts, decisions: [] }, deploying, kinds)).toBe('0 of 1 approvals of this plan hold');
    const isOrderedBack = {
      decisions: [...facts.decisions, aDecision('roll-back', { releaseId: id })],
      begunAt: 2_000,
    };
    expect(refuseChange({ ...facts, ...isOrderedBack }, deploying, kinds)).toBe('kim has ordered it back');
    expect(refuseChange({ ...facts, workflowType: 'deployRelease' }, deploying, kinds)).toBe(
      'deployRelease may not change anything',
    );
    const call = { workflowId: id, workflowType: 'promoteRelease' };
    expect(refuseStep({ ...call, step: 'applyComponent' }, kinds)).toBeUndefined();
    expect(refuseStep({ ...call, step: 'buildImage' }, kinds)).toBe('a promotion may not call buildImage');
    expect(promotion.searchAttributes.map((name) => searchAttributes[name])).toHaveLength(3);
  });

  it('is nothing without its row', () => {
    expect(laneOfRun(id)).toBeUndefined();
    expect(refuseChange(facts, deploying)).toBe('the plan is for another lane');
    expect(refuseStep({ workflowId: id, workflowType: 'promoteRelease', step: 'announce' })).toContain('no run');
  });

  it('may be one that acts on an order about a release, too', () => {
    const undoing = { ...runKinds, undoing: { ...runKinds.rollback, workflowType: 'undo', prefix: 'undoing' } };
    const workflowId = 'undoing/shop/production/order-7';
    const ordered: AuthorityFacts = {
      ...facts,
      workflowId,
      workflowType: 'undo',
      claimed: { releaseId: workflowId, subject: aReleaseId(), planHash: aHash() },
      decisions: [aDecision('roll-back', { id: 'order-7', run: workflowId, expiresAt: 9_000 })],
    };
    expect(orderOfRollback(workflowId, undoing)).toBe('order-7');
    expect(memberKindOf(workflowId, undoing)).toBe('rollback');
    expect(refuseChange(ordered, { purpose: 'roll-back' }, undoing)).toBeUndefined();
    expect(refuseChange({ ...ordered, decisions: [] }, { purpose: 'roll-back' }, undoing)).toBe(
      'nobody signed this rollback',
    );
    expect(refuseChange(ordered, deploying, undoing)).toBe(`${workflowId} may not deploy`);
  });
});
