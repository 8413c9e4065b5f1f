import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Records } from '../../activities/records/port.ts';
import { createAnnounce } from '../../activities/steps/announce.ts';
import { createEngineSteps } from '../../activities/steps/engine-steps.ts';
import type { EngineDependencies } from '../../activities/steps/engine-steps.ts';
import { createOutboxNotifier } from '../../activities/steps/outbox-notifier.ts';
import { createRecordEnd } from '../../activities/steps/record-end.ts';
import { tellUnderWay } from '../../activities/steps/tell-under-way.ts';
import type { NotifySpec } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { aSpec } from '../domain/builders.ts';
import { aReleaseThatMayAct, authorizing, decided } from '../support/acting-release.ts';
import type { ActingRun } from '../support/acting-release.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';

/** As the steps of an engine worker see them, and as those of a gateway. */
const separated = useSeparatedRecords();
let records: Records;
beforeAll(() => {
  records = separated.owner;
});

const chat: NotifySpec = { name: 'chat', kind: 'webhook', url: 'env:CHAT' };
const onCall: NotifySpec = { name: 'on-call', kind: 'pagerduty', only: [{ level: 'problem' }] };
/** Of what was read before targets had their names on record. */
const nameless: NotifySpec = { kind: 'webhook', url: 'env:EARLIER' };

const notifierFor = createOutboxNotifier({
  outbox: { put: (messages) => separated.engine.outbox.put(messages) },
  nameOf: async (target) => (target.kind === 'webhook' && target.url === 'env:EARLIER' ? 'earlier' : undefined),
});
const dependencies = () => ({ ...authorizing(separated.engine), notifierFor, now: () => 9_000 });
const aRelease = (...notify: NotifySpec[]) => aReleaseThatMayAct(records, { spec: aSpec({ notify }) });
const announces = (run: ActingRun) => run.act(createAnnounce(dependencies()), { message: 'approval' });

function ends(run: ActingRun, more: Partial<ReturnType<typeof dependencies>> = {}) {
  const { releaseId } = run.authority;
  const result = { outcome: 'failed', summary: 'it ended', artifacts: [], regions: [], timings: [] };
  return run.act(createRecordEnd({ ...dependencies(), ...more }), { releaseId, result, notify: [] });
}

const messagesOf = async ({ authority: { releaseId } }: ActingRun) =>
  (await separated.gateway.outbox.list({ states: ['waiting'], limit: 100 }))
    .filter(({ run }) => run === releaseId)
    .reverse();

describe('what people are to be told about a run', () => {
  it('is written down once for each that is told of it, however often the step is repeated, and nobody is waited for', async () => {
    const run = await aRelease(chat, onCall, nameless);
    const { releaseId, planHash } = run.authority;
    for (let n = 0; n < 2; n++) await announces(run);
    const approval = {
      key: `${releaseId}/approval/${planHash}`,
      thread: releaseId,
      event: 'approval',
      level: 'attention',
    };
    expect(await messagesOf(run)).toMatchObject([
      { target: 'chat', ...approval },
      { target: 'earlier', ...approval },
    ]);
    for (let n = 0; n < 2; n++) await ends(run);
    const lane = `${run.lane.service}/${run.lane.environment}`;
    const end = { key: `${releaseId}/end`, event: 'ended-otherwise', level: 'problem', facts: { outcome: 'failed' } };
    expect((await messagesOf(run)).slice(2)).toMatchObject([
      { target: 'chat', thread: releaseId, ...end },
      { target: 'on-call', thread: lane, ...end },
      { target: 'earlier', thread: releaseId, ...end },
    ]);
  });

  it('is one message of one hold, also where somebody says `retry` before the step is repeated', async () => {
    const run = await aRelease(chat);
    const holds = (retries: number) =>
      run.act(createAnnounce(dependencies()), {
        ...{ message: 'held', code: 'SLIP-K8S-10', places: ['de'], stage: 'deploying' },
        retries,
      });
    await holds(0);
    await decided(run, { records, kind: 'retry' });
    await holds(0);
    await holds(1);
    await holds(1);
    expect((await messagesOf(run)).map(({ key }) => key.replace(/.*SLIP/, 'SLIP'))).toEqual([
      'SLIP-K8S-10/de',
      'SLIP-K8S-10/de/after 1',
    ]);
  });

  it('goes to the others where the policy has one of them no more, and the run says so', async () => {
    const run = await aRelease({ kind: 'webhook', url: 'env:GONE' }, chat);
    await expect(announces(run)).rejects.toThrow(/SLIP-NTF-4/);
    expect(await messagesOf(run)).toMatchObject([{ target: 'chat' }]);
    await expect(ends(run)).resolves.toMatchObject({ outcome: 'failed' });
    expect(await messagesOf(run)).toHaveLength(2);
  });

  it('is written down when the step of the end is repeated, where the records were away at that moment', async () => {
    const run = await aRelease(chat);
    const away = () => ({ notify: () => Promise.reject(failure('SLIP-REC-1', 'the database is away')) });
    await expect(ends(run, { notifierFor: away })).rejects.toThrow(/SLIP-REC-1/);
    await ends(run);
    expect(await messagesOf(run)).toMatchObject([{ key: `${run.authority.releaseId}/end` }]);
  });
});

describe('that a release goes its way', () => {
  const hub: NotifySpec = { name: 'hub', kind: 'github' };
  const named: NotifySpec = { name: 'named', kind: 'log', only: [{ events: ['started', 'changing'] }] };
  const everybody = [chat, onCall, hub, named];
  const steps = (more: object = {}) => {
    const { floorOf } = authorizing(separated.engine);
    const read = async () => ({
      spec: aSpec({ notify: everybody, components: [] }),
      repository: 'https://git.test/shop',
    });
    const source = { authors: async () => [], descends: async () => true };
    const pipeline = {
      floorOf,
      read,
      policyOf: async () => ({ hash: aSpec().policyHash, floor: {} }),
      policyProblem: async () => undefined,
    };
    return createEngineSteps({ ...dependencies(), pipeline, source, ...more } as unknown as EngineDependencies);
  };
  const targetsOf = async (run: ActingRun) => (await messagesOf(run)).map(({ target, event }) => `${target} ${event}`);
  const aGivenRelease = () => aReleaseThatMayAct(records, { spec: aSpec({ notify: everybody }), plan: {} });

  it('is told to GitHub and to whoever asks for it, when it was read, and once', async () => {
    const run = await aGivenRelease();
    const { releaseId } = run.authority;
    for (let n = 0; n < 2; n++) await run.act(steps().readRelease, { releaseId });
    expect(await targetsOf(run)).toEqual(['hub started', 'named started']);
    expect((await messagesOf(run))[0]).toMatchObject({
      key: `${releaseId}/started`,
      level: 'info',
      title: `${run.lane.service} → production: a release begins`,
      facts: { release: releaseId, commit: run.plan.commit },
    });
  });

  it('is told when it has its turn and is let in', async () => {
    const run = await aGivenRelease();
    const { releaseId, planHash } = run.authority;
    for (let n = 0; n < 2; n++)
      expect(await run.act(steps().judgePlanDrift, { releaseId, planHash })).toEqual({ kind: 'proceed' });
    expect(await targetsOf(run)).toEqual(['hub changing', 'named changing']);
  });

  it('keeps no release from its way where the policy has a target no more, and is told when the records are back', async () => {
    const run = await aGivenRelease();
    const failing = (code: 'SLIP-NTF-4' | 'SLIP-REC-1') => ({
      notifierFor: () => ({ notify: () => Promise.reject(failure(code, 'no')) }),
    });
    const tells = (code: 'SLIP-NTF-4' | 'SLIP-REC-1') =>
      run.act(() => tellUnderWay(failing(code), 'started', aboutThat(run)), undefined);
    await expect(tells('SLIP-REC-1')).rejects.toThrow('SLIP-REC-1');
    await tells('SLIP-NTF-4');
  });

  function aboutThat({ authority: { releaseId }, plan: { commit } }: ActingRun) {
    return { run: releaseId, commit, targets: everybody };
  }
});

describe('a login of another process', () => {
  it.each(['environment', 'build'] as const)('reads and writes nothing that people are told: %s', async (kind) => {
    const { outbox } = separated[kind];
    const message = { ...(await aWritten()), key: 'another' };
    await expect(outbox.put([message])).rejects.toThrow('SLIP-REC-11');
    await expect(outbox.claim(1, 1_000)).rejects.toThrow('SLIP-REC-11');
    await expect(outbox.list({ states: ['waiting'], limit: 1 })).rejects.toThrow('SLIP-REC-11');
    await expect(outbox.again(message.id)).rejects.toThrow('SLIP-REC-11');
  });

  it('of a gateway has one that is dead sent again, and nothing else', async () => {
    const { outbox } = separated.gateway;
    const message = await aWritten();
    await expect(outbox.put([{ ...message, key: 'another' }])).rejects.toThrow('SLIP-REC-11');
    await expect(outbox.settle(message, { came: 'delivered' })).rejects.toThrow('SLIP-REC-11');
    expect(await outbox.again(message.id)).toBe(false);
    await separated.engine.outbox.settle(message, { came: 'dead', why: 'refused' });
    expect(await outbox.again(message.id)).toBe(true);
  });

  async function aWritten() {
    const run = await aRelease(chat);
    await announces(run);
    const [message] = await messagesOf(run);
    return message!;
  }
});
