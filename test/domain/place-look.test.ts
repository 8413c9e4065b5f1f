import { describe, expect, it } from '@jest/globals';
import type { Right } from '../../domain/cluster-rights.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { judgePlaces, together, wrongIn, type RegionLook, type SeenDeployment } from '../../domain/place-look.ts';

const patching: Right = { group: 'apps', resource: 'deployments', verb: 'patch', name: 'core' };

function aLook(region: string, changes: Partial<RegionLook> = {}): RegionLook {
  return { ...together([]), region, namespace: 'shop', ...changes };
}

function aDeployment(changes: Partial<SeenDeployment> = {}): SeenDeployment {
  return { namespace: 'shop', named: { deployment: 'worker', containers: ['worker'] }, ...changes };
}

describe('a Deployment that is named', () => {
  it.each<[string, Partial<SeenDeployment>, string[]]>([
    ['is there with its containers', { containers: ['worker', 'proxy'] }, []],
    [
      'does not exist, and one of nearly that name does',
      { others: ['core', 'workers'] },
      ['Deployment shop/worker does not exist: did you mean `workers`?'],
    ],
    [
      'does not exist, and none is near: those that there are',
      { others: ['api', 'web'] },
      ['Deployment shop/worker does not exist: among those there: `web`, `api`'],
    ],
    [
      'does not exist in a namespace that many share: the likest three',
      { others: ['billing', 'secrets-of-others', 'ledger', 'walker-2000', 'payroll', 'metrics'] },
      ['Deployment shop/worker does not exist: among those there: `ledger`, `metrics`, `payroll` and 3 more'],
    ],
    [
      'does not exist in an empty namespace',
      { others: [] },
      ['Deployment shop/worker does not exist: there is no Deployment in this namespace'],
    ],
    ['does not exist where nobody may list what does', {}, ['Deployment shop/worker does not exist']],
    [
      'has another container of nearly that name',
      { containers: ['wroker'] },
      ['Deployment shop/worker has no container worker: did you mean `wroker`?'],
    ],
    [
      'lacks each container that it is said to have',
      { named: { deployment: 'worker', containers: ['web', 'worker', 'cron'] }, containers: ['worker'] },
      [
        'Deployment shop/worker has no container web: among those there: `worker`',
        'Deployment shop/worker has no container cron: among those there: `worker`',
      ],
    ],
  ])('%s', (_what, seen, wrong) => {
    expect(wrongIn(aDeployment(seen))).toEqual(wrong);
  });
});

describe('what was seen of all places', () => {
  it.each<[string, RegionLook[], string[]]>([
    ['nothing speaks against it', [aLook('de'), aLook('nl')], []],
    [
      'what could not be seen refuses nothing, and is told once for all regions',
      [aLook('de', { unseen: ['Secret shop/db', 'Secret shop/db'] }), aLook('nl', { unseen: ['Secret shop/db'] })],
      ['de, nl: Secret shop/db: not looked at before the release, as the cluster does not let us'],
    ],
    [
      'what people should know refuses nothing',
      [aLook('de', { notes: ['the endpoint shop is at shop.test, a name that nobody knows as yet'] })],
      ['de: the endpoint shop is at shop.test, a name that nobody knows as yet'],
    ],
    [
      'a region that is away refuses nothing',
      [aLook('de', { away: 'timeout' })],
      ['de: could not be looked at: timeout'],
    ],
  ])('goes on: %s', (_what, looks, notes) => {
    expect(judgePlaces(looks)).toEqual({ kind: 'go-on', notes });
  });

  it.each<[string, RegionLook[], string, string]>([
    [
      'all names at once, what is the same in several regions once',
      [aLook('de', { wrong: ['a is not there', 'b is not there'] }), aLook('nl', { wrong: ['a is not there'] })],
      'SLIP-K8S-25',
      'de, nl: a is not there; de: b is not there',
    ],
    [
      'rights alone are for the operator',
      [aLook('de', { lacking: [patching] })],
      'SLIP-K8S-26',
      'de: the Role in the namespace shop lacks { apiGroups: [apps], resources: [deployments], verbs: [patch] }',
    ],
    [
      'names and rights together, and the region that nobody could look at',
      [aLook('de', { wrong: ['a is not there'], lacking: [patching] }), aLook('nl', { away: 'timeout' })],
      'SLIP-K8S-25',
      'de: a is not there; de: the Role in the namespace shop lacks { apiGroups: [apps], resources: [deployments], verbs: [patch] }; nl: could not be looked at: timeout',
    ],
  ])('is refused: %s', (_what, looks, code, why) => {
    expect(judgePlaces(looks)).toEqual({ kind: 'refused', code, why });
  });

  it('says how much there is where it is too much for one failure, and loses nothing of its beginning', () => {
    const wrong = Array.from({ length: 300 }, (_, n) => `Deployment shop/worker-${n} does not exist`);
    const verdict = judgePlaces([aLook('de', { wrong: ['x'.repeat(5_000), ...wrong] })]);
    const why = verdict.kind === 'refused' ? verdict.why : '';
    expect(failure('SLIP-K8S-25', why).details.detail).toBe(why);
    expect(why).toMatch(/^de: x{500,}…; de: Deployment shop\/worker-0 does not exist; .*; and \d+ more$/);
    const shown = why.split('; ').length - 1;
    expect(why).toContain(`and ${301 - shown} more`);
  });
});
