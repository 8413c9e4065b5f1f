import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresRecords } from '../../activities/records/postgres-records.ts';
import type { Records } from '../../activities/records/port.ts';
import { chosenTargets, keepBegun, keepChoice } from '../../activities/steps/chosen-way-back.ts';
import { backAgain, keepBack } from '../../activities/steps/back-again.ts';
import type { MigrationPlace } from '../../activities/steps/migration-place.ts';
import { markOf, regionProofs } from '../../activities/steps/region-proofs.ts';
import type { RegionMark } from '../../activities/steps/region-proofs.ts';
import { requireTurn } from '../../activities/steps/region-turns.ts';
import { gateNames, releaseRecord } from '../../activities/steps/release-record.ts';
import type { Check } from '../../domain/contract/verdicts.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { MigrationSpec, ReleasePlan, Ticket } from '../../domain/contract/release.ts';
import type { Purpose } from '../../domain/run-kinds.ts';
import {
  aHash,
  aMember,
  aMigrationSpec,
  anImage,
  aPlannedMigration,
  aRegion,
  aSpec,
  aVerified,
  aWave,
} from '../domain/builders.ts';
import { aChange } from '../contract/records-builders.ts';
import { aReleaseThatMayAct, authorizing, hasChanged } from '../support/acting-release.ts';
import { writeHolder } from '../support/lane-holder.ts';
import { usePostgres } from '../support/postgres.ts';

const postgres = usePostgres();
let records: Records;
beforeAll(async () => {
  records = await createPostgresRecords({ url: await postgres.freshDatabase() });
});
afterAll(() => records?.close());

const regions = ['de', 'nl', 'fr'].map((name) => aRegion(name));
const waves = [aWave(['de']), aWave(['nl', 'fr'])];
const artifact = (image = anImage()) => ({ image, digest: image.split('@')[1]! });
const well: Check[] = [{ name: 'de: core digest', verdict: 'pass', summary: 'it stands' }];

/** A release of one component into three regions, in two waves. `after`: so much time (ms) goes by for the records. */
async function aRelease(plan: Partial<ReleasePlan> = {}) {
  const release = await aReleaseThatMayAct(records, { plan: { regions, waves, ...plan } });
  let time = 1_000_000;
  const clocked = { ...records, clock: { now: () => Promise.resolve(time) } };
  // What began or was over by now, in the time of these tests.
  const changes: Records['changes'] = {
    ...records.changes,
    async lookAt(lane, region) {
      const { last, underWay } = await records.changes.lookAt(lane, region);
      return { last: last && { ...last, at: at.get(last.number) ?? time }, underWay };
    },
  };
  const at = new Map<number, number>();
  const timed = { ...clocked, changes };
  const proofs = regionProofs(timed);
  const { authority } = release;
  const mark = (region: string) => markOf(timed, authority.releaseId, region);
  return {
    ...release,
    proofs,
    after: (ms: number) => void (time += ms),
    sees: async (region: string, image = anImage(), checks = well) =>
      proofs.keep(authority, region, {
        artifacts: { core: artifact(image) },
        checks,
        mark: await mark(region),
      }),
    mark,
    changes: async (region: string, purpose: Purpose = 'deploy', effect = () => Promise.resolve()) => {
      const change = await hasChanged(release, records, { region, purpose, effect });
      at.set(change.number, time);
      return change;
    },
    required: async (...those: string[]) => {
      const seen = await proofs.require(authority, release.plan, those);
      return Object.fromEntries(Object.entries(seen).map(([region, { unseen }]) => [region, unseen]));
    },
    turnOf: (region: string) => requireTurn(timed, authority, release.plan, { component: 'core', region }),
  };
}

const notSeen = { details: { code: 'SLIP-REL-12' } };
const seconds = 1_000;
const minutes = 60 * seconds;

describe('what counts as seen', () => {
  it('is a region in which a step has seen what the plan puts there', async () => {
    const { sees, required } = await aRelease();
    await sees('de');
    expect(await required('de')).toEqual({ de: [] });
    await expect(required('de', 'nl')).rejects.toMatchObject(notSeen);
  });

  it('is nothing that a workflow says: what no step has looked at counts for nothing', async () => {
    const { required } = await aRelease();
    await expect(required('de')).rejects.toMatchObject(notSeen);
  });

  it('is no region that runs another image, or was seen under another plan', async () => {
    const { sees, required, proofs, authority, mark } = await aRelease();
    await sees('de', anImage('core', '9'));
    await expect(required('de')).rejects.toMatchObject(notSeen);
    const artifacts = { core: artifact() };
    const under = { ...authority, planHash: aHash('9') };
    await proofs.keep(under, 'de', { artifacts, checks: well, mark: await mark('de') });
    await expect(required('de')).rejects.toMatchObject(notSeen);
  });

  it('is no region that was seen while the run had the lane by another ticket', async () => {
    const { sees, proofs, plan, authority } = await aRelease();
    await sees('de');
    const later = { ...authority, ticket: { incarnation: 2, n: 1 } };
    await expect(proofs.require(later, plan, ['de'])).rejects.toMatchObject(notSeen);
  });

  it('ends with the next change, until it is seen again', async () => {
    const { sees, required, changes } = await aRelease();
    await sees('de');
    await changes('de');
    await expect(required('de')).rejects.toMatchObject(notSeen);
    await sees('de');
    expect(await required('de')).toEqual({ de: [] });
  });

  it('outlives a late repetition that has changed nothing', async () => {
    const { sees, required, proofs, authority, changes } = await aRelease();
    await sees('de');
    await proofs.outlive(authority, 'de', await changes('de'));
    expect(await required('de')).toEqual({ de: [] });
  });

  it('is no look that began before the last change', async () => {
    const { changes, required, proofs, authority, mark } = await aRelease();
    const look = { artifacts: { core: artifact() }, checks: well, mark: await mark('de') };
    await changes('de');
    await proofs.keep(authority, 'de', look);
    await expect(required('de')).rejects.toMatchObject(notSeen);
    await proofs.keep(authority, 'de', { ...look, mark: await mark('de') });
    expect(await required('de')).toEqual({ de: [] });
  });

  it('is not said again by a late repetition that has changed nothing, once another change has begun', async () => {
    const { sees, required, changes, proofs, authority } = await aRelease();
    await sees('de');
    const change = await changes('de');
    await changes('de');
    await proofs.outlive(authority, 'de', change);
    await expect(required('de')).rejects.toMatchObject(notSeen);
  });

  it('is no look that met a change under way: it may have been before the effect', async () => {
    const { changes, required, sees } = await aRelease();
    const lookAgain = { details: { code: 'SLIP-REL-12', kind: 'retryable' } };
    await changes('de', 'deploy', async () => {
      await expect(sees('de')).rejects.toMatchObject(lookAgain);
    });
    await expect(required('de')).rejects.toMatchObject(notSeen);
    await sees('de');
    expect(await required('de')).toEqual({ de: [] });
  });

  it('is what was seen beside a change that was left under way, once a later one was written there', async () => {
    const { changes, required, sees, lane, authority } = await aRelease();
    const left = aChange(lane);
    const touched = { workflowId: authority.releaseId, what: 'core in de', at: 1 };
    await changes('de');
    const { runId } = (await records.touched.find(authority.releaseId))!;
    await records.changes.begin(left, { ...touched, runId });
    await expect(sees('de')).rejects.toMatchObject(notSeen);
    // The same step, tried again.
    const { number } = await records.changes.begin(left, { ...touched, runId });
    await records.changes.end(number, true);
    await sees('de');
    expect(await required('de')).toEqual({ de: [] });
  });

  it('names what stands scaled to zero', async () => {
    const { sees, required } = await aRelease();
    await sees('de', anImage(), [{ ...well[0]!, unseen: 'core' }]);
    expect(await required('de')).toEqual({ de: ['core'] });
  });
});

describe('what was put back', () => {
  async function aReturn() {
    const release = await aRelease();
    const { releaseId: runId, ticket } = release.authority;
    return {
      ...release,
      back: async (by: Ticket | undefined = ticket) =>
        backAgain(records.plans, { runId, ticket: by, own: await records.changes.lastOf([runId]) }, 'de'),
      seesBack: async (mark?: RegionMark) =>
        keepBack(records, release.authority, 'de', { components: ['core'], mark: mark ?? (await release.mark('de')) }),
    };
  }
  const lookAgain = { details: { code: 'SLIP-REL-12', kind: 'retryable' } };

  it('is seen back by a look, until it is changed, and by none that began before it was', async () => {
    const { mark, changes, back, seesBack } = await aReturn();
    const before = await mark('de');
    await changes('de', 'roll-back');
    // The step looks again, and does not say that it has seen.
    await expect(seesBack(before)).rejects.toMatchObject(lookAgain);
    expect(await back()).toEqual([]);
    await seesBack();
    expect(await back()).toEqual(['core']);
    await changes('de');
    expect(await back()).toEqual([]);
  });

  it('is not seen back while something is being written there', async () => {
    const { changes, back, seesBack } = await aReturn();
    await changes('de', 'roll-back', async () => {
      await expect(seesBack()).rejects.toMatchObject(lookAgain);
    });
    expect(await back()).toEqual([]);
    await seesBack();
    expect(await back()).toEqual(['core']);
  });

  it('is nothing that runs there because the deploy has not landed yet: the run has put nothing back', async () => {
    const { changes, back, seesBack } = await aReturn();
    await changes('de', 'deploy', async () => {
      await expect(seesBack()).rejects.toMatchObject(lookAgain);
    });
    await seesBack();
    expect(await back()).toEqual([]);
  });

  it('is nothing that was put back in part', async () => {
    const { changes, back, seesBack } = await aReturn();
    const refused = () => Promise.reject(failure('SLIP-K8S-4', 'half of it'));
    await changes('de', 'roll-back', refused).catch(() => undefined);
    await seesBack();
    expect(await back()).toEqual([]);
  });

  it('is nothing that may still land, as its reply was lost, until the same is put there', async () => {
    const { changes, back, seesBack } = await aReturn();
    const lost = () => Promise.reject(failure('SLIP-K8S-10', 'no answer'));
    await changes('de', 'roll-back');
    await changes('de', 'roll-back', lost).catch(() => undefined);
    await expect(seesBack()).rejects.toMatchObject(lookAgain);
    await changes('de', 'roll-back');
    await seesBack();
    expect(await back()).toEqual(['core']);
  });

  it('is on record as verified by the run no more', async () => {
    const { lane, authority, changes } = await aRelease();
    const { releaseId } = authority;
    await records.inventory.record(['de', 'nl'].map((region) => aVerified({ ...lane, releaseId, region })));
    await changes('de', 'deploy');
    expect(await records.inventory.of(releaseId)).toHaveLength(2);
    await changes('de', 'roll-back');
    expect(await records.inventory.of(releaseId)).toMatchObject([{ region: 'nl' }]);
  });

  it('was seen back by the run that has the lane by this ticket, and by no earlier one', async () => {
    const { authority, changes, back, seesBack } = await aReturn();
    await changes('de', 'roll-back');
    await seesBack();
    expect(await back(authority.ticket)).toEqual(['core']);
    expect(await back({ incarnation: 2, n: 1 })).toEqual([]);
  });
});

describe('what a run may go back to', () => {
  const target = {
    component: 'core',
    image: anImage('core', '0'),
    releaseId: 'release/before',
    commit: 'e'.repeat(40),
  };
  const choice = { kind: 'go' as const, region: 'de' };

  it('is what the engine has chosen since the run has its ticket', async () => {
    const { authority, lane } = await aRelease();
    const { releaseId: runId, ticket } = authority;
    const chosenBy = (by: Ticket) => chosenTargets(records.plans, { runId, ticket: by }, 'de');
    await keepChoice(records, runId, { ...choice, targets: [target] });
    expect(await chosenBy(ticket)).toEqual([target]);
    const later = { incarnation: 2, n: 1 };
    await writeHolder(records, lane, { member: aMember(runId), ticket: later, since: 1 });
    expect(await chosenBy(later)).toEqual([]);
    const other = { ...target, image: anImage('core', '9') };
    await keepChoice(records, runId, { ...choice, targets: [other] });
    expect(await chosenBy(later)).toEqual([other]);
  });

  it('is what was chosen last, and nothing where the engine refuses now, unless the run has begun to go back', async () => {
    const { authority } = await aRelease();
    const { releaseId: runId, ticket } = authority;
    const chosen = () => chosenTargets(records.plans, { runId, ticket }, 'de');
    const other = { ...target, image: anImage('core', '9') };
    const refused = { kind: 'refused' as const, region: 'de', why: 'the schema has gone on', next: '' };
    await keepChoice(records, runId, { ...choice, targets: [target] });
    await keepChoice(records, runId, { ...choice, targets: [other] });
    expect(await chosen()).toEqual([other]);
    await keepChoice(records, runId, refused);
    expect(await chosen()).toEqual([]);
    await keepChoice(records, runId, { ...choice, targets: [target] });
    await keepBegun(records.plans, authority, 'de');
    await keepChoice(records, runId, { ...choice, targets: [other] });
    await keepChoice(records, runId, refused);
    expect(await chosen()).toEqual([target, other]);
  });

  it('is, of one image that several releases had, what the last choice names, also when the same was chosen before', async () => {
    const { authority } = await aRelease();
    const { releaseId: runId, ticket } = authority;
    const other = { ...target, releaseId: 'release/other' };
    await keepChoice(records, runId, { ...choice, targets: [target] });
    await keepBegun(records.plans, authority, 'de');
    await keepChoice(records, runId, { ...choice, targets: [other] });
    await keepChoice(records, runId, { ...choice, targets: [target] });
    expect(await chosenTargets(records.plans, { runId, ticket }, 'de')).toEqual([other, target]);
  });

  it('is nothing that was chosen while another run had the lane', async () => {
    const { authority, lane } = await aRelease();
    const { releaseId: runId, ticket } = authority;
    await writeHolder(records, lane, { member: aMember('release/another'), ticket, since: 1 });
    await keepChoice(records, runId, { ...choice, targets: [target] });
    expect(await chosenTargets(records.plans, { runId, ticket }, 'de')).toEqual([]);
  });
});

describe('a region of a later wave', () => {
  it('has its turn when all before it were seen well', async () => {
    const { sees, turnOf } = await aRelease();
    await turnOf('de');
    await expect(turnOf('nl')).rejects.toMatchObject(notSeen);
    await sees('de');
    await turnOf('nl');
    await turnOf('fr');
  });

  it('keeps its turn once it was let in, whatever becomes of those before', async () => {
    const { sees, changes, turnOf } = await aRelease();
    await sees('de');
    await turnOf('nl');
    await changes('de');
    await turnOf('nl');
    await expect(turnOf('fr')).rejects.toMatchObject(notSeen);
  });

  it('has no turn because it was changed: it may have been put back', async () => {
    const { changes, turnOf } = await aRelease();
    await changes('nl', 'roll-back');
    await expect(turnOf('nl')).rejects.toMatchObject(notSeen);
  });

  it('need not be seen well where the plan goes on with what could not be told: all of it must have been put there', async () => {
    const { turnOf, changes } = await aRelease({ onFailure: goesOn });
    await turnOf('de');
    await expect(turnOf('nl')).rejects.toMatchObject(notSeen);
    const refused = () => Promise.reject(failure('SLIP-K8S-4', 'something newer'));
    await changes('de', 'deploy', refused).catch(() => undefined);
    await expect(turnOf('nl')).rejects.toMatchObject(notSeen);
    await changes('de');
    await turnOf('nl');
    // Let in once; another has to find it there.
    await changes('de', 'roll-back');
    await turnOf('nl');
    await expect(turnOf('fr')).rejects.toMatchObject(notSeen);
  });
});

const goesOn = { partial: 'hold', confirm: false, holdMs: 1, onInconclusive: 'go-on' } as const;

describe('a wave that bakes', () => {
  const baking = { waves: [aWave(['de'], 10 * minutes), aWave(['nl', 'fr'])] };
  const after40Seconds = {
    details: {
      code: 'SLIP-REL-12',
      kind: 'terminal',
      detail: expect.stringMatching(/^de bakes for 10 min, until \S+Z$/),
    },
  };

  it('keeps the next one waiting until its time is over, whatever a workflow leaves out', async () => {
    const { sees, turnOf, after } = await aRelease(baking);
    await sees('de');
    after(40 * seconds);
    await expect(turnOf('nl')).rejects.toMatchObject(after40Seconds);
    await sees('de');
    await expect(turnOf('nl')).rejects.toMatchObject(after40Seconds);
    after(10 * minutes);
    await sees('de');
    await turnOf('nl');
  });

  it('is asked about once more in its last minute, when its end is: clocks are never quite the same', async () => {
    const { sees, turnOf, after } = await aRelease(baking);
    await sees('de');
    after(10 * minutes - 3 * seconds);
    await sees('de');
    await expect(turnOf('nl')).rejects.toMatchObject({ details: { kind: 'retryable', retryAfterMs: 3 * seconds } });
    after(3 * seconds);
    await turnOf('nl');
  });

  it('must have been looked at when its time was over', async () => {
    const { sees, turnOf, after } = await aRelease(baking);
    await sees('de');
    after(11 * minutes);
    await expect(turnOf('nl')).rejects.toMatchObject({
      details: { ...notSeen.details, detail: 'de has not been seen well since its bake of 10 min was over' },
    });
    await sees('de');
    await turnOf('nl');
  });

  it('bakes anew after a change, and goes on after one that has changed nothing', async () => {
    const { sees, turnOf, changes, after, proofs, authority } = await aRelease(baking);
    await sees('de');
    after(10 * minutes);
    await sees('de');
    await proofs.outlive(authority, 'de', await changes('de'));
    await turnOf('nl');
    await changes('de');
    await sees('de');
    await expect(turnOf('fr')).rejects.toMatchObject(notSeen);
  });

  it('bakes from the change on where the plan goes on with what could not be told', async () => {
    const { changes, turnOf, after } = await aRelease({ ...baking, onFailure: goesOn });
    await turnOf('de');
    await changes('de');
    after(9 * minutes);
    await expect(turnOf('nl')).rejects.toMatchObject({ details: { kind: 'retryable', retryAfterMs: 1 * minutes } });
    after(1 * minutes);
    await turnOf('nl');
  });

  it('is not recorded as verified before, also as the last one', async () => {
    const { sees, required, after } = await aRelease({
      waves: [
        aWave(
          regions.map(({ name }) => name),
          10 * minutes,
        ),
      ],
    });
    await sees('de');
    after(40 * seconds);
    await expect(required('de')).rejects.toMatchObject(after40Seconds);
    after(10 * minutes);
    await sees('de');
    expect(await required('de')).toEqual({ de: [] });
  });
});

describe('a gate', () => {
  const spec = aSpec({ scan: { images: true, secrets: true, failOn: [], exceptions: [] } });
  const scanned = { gate: gateNames.images, verdict: 'pass', summary: 'nothing found' } as const;
  const searched = { gate: gateNames.secrets, verdict: 'pass', summary: 'nothing found' } as const;
  const built = (digit: string) => ({ component: 'core', image: anImage('core', digit), origin: 'built' }) as const;

  async function aBuilt() {
    const release = await aReleaseThatMayAct(records, { spec });
    const record = releaseRecord(authorizing(records), release.authority.releaseId);
    await record.keepBuilt(built('1'));
    await record.keepGate(searched, { of: [release.request.commit], spec });
    return { ...release, record };
  }

  it('counts for the very images that it has looked at', async () => {
    const { record } = await aBuilt();
    await record.keepGate(scanned, { of: [anImage('core', '1')], spec });
    expect(await record.gates(await record.contents())).toEqual([scanned, searched]);
  });

  it('counts for nothing when another image was built after it', async () => {
    const { record } = await aBuilt();
    await record.keepGate(scanned, { of: [anImage('core', '1')], spec });
    await record.keepBuilt(built('2'));
    await expect(record.gates(await record.contents())).rejects.toMatchObject({
      details: { code: 'SLIP-REL-3', detail: expect.stringContaining('has looked at something else') },
    });
  });

  it('counts for what was read with it, whatever is built and looked at meanwhile', async () => {
    const { record } = await aBuilt();
    const first = await record.contents();
    await record.keepBuilt(built('2'));
    await record.keepGate(scanned, { of: [anImage('core', '2')], spec });
    await expect(record.gates(first)).rejects.toMatchObject({ details: { code: 'SLIP-REL-3' } });
    expect(await record.gates(await record.contents())).toEqual([scanned, searched]);
  });

  it.each([
    ['the policy was', { policyHash: 'e'.repeat(64) }],
    ['it may pass over was', { scan: { ...spec.scan, failOn: ['CRITICAL' as const] } }],
  ])('counts for nothing when what %s another than was read since', async (_what, before) => {
    const { record } = await aBuilt();
    await record.keepGate(scanned, { of: [anImage('core', '1')], spec: { ...spec, ...before } });
    await expect(record.gates(await record.contents())).rejects.toMatchObject({
      details: { code: 'SLIP-REL-3', detail: expect.stringContaining('was judged by another') },
    });
  });

  it('of the source counts for the very commit', async () => {
    const { record } = await aBuilt();
    await record.keepGate(scanned, { of: [anImage('core', '1')], spec });
    await record.keepGate(searched, { of: ['f'.repeat(40)], spec });
    await expect(record.gates(await record.contents())).rejects.toMatchObject({ details: { code: 'SLIP-REL-3' } });
  });
});

describe('what is pending in a database', () => {
  const migration = aMigrationSpec();
  const placeBy = (digit: string, changes: Partial<MigrationSpec> = {}): MigrationPlace => ({
    migration: { ...migration, ...changes },
    region: aRegion('de'),
    image: anImage('core', digit),
  });

  async function aLook(by: MigrationPlace) {
    const { authority } = await aReleaseThatMayAct(records);
    const record = releaseRecord(authorizing(records), authority.releaseId);
    const seen = await record.keepMigrations(aPlannedMigration(), by);
    return { record, seen, releaseId: authority.releaseId };
  }

  it('is what the image to be released says, asked by the commands of its plan', async () => {
    const { record, seen } = await aLook(placeBy('1'));
    expect(await record.migrations([placeBy('1')])).toEqual([seen]);
    expect(await record.migrationSeen(placeBy('1'))).toEqual(seen);
  });

  it.each([
    ['another image', placeBy('2')],
    ['other commands', placeBy('1', { commands: { apply: ['migrate'], plan: ['say', 'nothing'] } })],
    ['another cluster', { ...placeBy('1'), region: aRegion('de', { namespace: 'elsewhere' }) }],
  ])('is not known from %s', async (_what, by) => {
    const { record } = await aLook(by);
    await expect(record.migrations([placeBy('1')])).rejects.toMatchObject({ details: { code: 'SLIP-REL-3' } });
    expect(await record.migrationSeen(placeBy('1'))).toBeUndefined();
  });

  it('is known from what older workers have kept, which does not say by what', async () => {
    const { record, releaseId } = await aLook(placeBy('2'));
    await records.plans.keep(releaseId, `migrations-${migration.database}`, aPlannedMigration());
    expect(await record.migrations([placeBy('1')])).toEqual([aPlannedMigration()]);
  });
});
