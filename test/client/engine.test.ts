import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { createEngine } from '../../client/engine.ts';
import type { Engine } from '../../client/engine.ts';
import { temporalAway } from '../../client/temporal-away.ts';
import { NoAnswer } from '../../client/no-answer.ts';
import { aLaneOrder } from '../contract/records-builders.ts';
import { aDecision, aReleaseId, aRequest } from '../domain/builders.ts';

const lane = { service: 'shop', environment: 'production' };
const decided = { decision: aDecision('roll-back'), keyId: 'key', signature: 'signature' };

it('shows the reason of a rollback in the Temporal UI as it was written: no link, and no line of its own', async () => {
  let shown = '';
  const start = async (_type: string, { staticDetails }: { staticDetails: string }) => void (shown = staticDetails);
  const withDeadline = (_until: number, call: () => unknown) => Promise.resolve(call());
  const engine = createEngine({ client: { workflow: { start }, withDeadline } as unknown as Client });
  const decision = aDecision('roll-back', { reason: '[all is well](https://evil.test)\n\n# Approved' });
  await engine.startRollback({
    lane,
    releaseId: aReleaseId(),
    decision: { decision, keyId: 'key', signature: 'signature' },
    request: aRequest(),
  });
  expect(shown).toBe('Ordered by kim: \\[all is well\\](https://evil.test)\\n\\n# Approved');
});

it('asks one question about a run at a time, however many want to know, and of another run at once', async () => {
  const asked: string[] = [];
  const answers = new Map<string, PromiseWithResolvers<unknown>>();
  const getHandle = (id: string) => ({
    query: () => {
      asked.push(id);
      const answer = Promise.withResolvers<unknown>();
      answers.set(id, answer);
      return answer.promise;
    },
  });
  const withDeadline = (_until: number, call: () => unknown) => Promise.resolve(call());
  const engine = createEngine({ client: { workflow: { getHandle }, withDeadline } as unknown as Client });
  const first = engine.status('one');
  const [second, third] = [engine.status('one'), engine.status('one')];
  const other = engine.status('other');
  expect(asked).toEqual(['one', 'other']);
  answers.get('one')!.resolve(undefined);
  await first;
  answers.get('one')!.resolve(undefined);
  answers.get('other')!.resolve(undefined);
  await Promise.all([second, third, other]);
  expect(asked).toEqual(['one', 'other', 'one']);
});

describe('a Temporal that hangs', () => {
  /** An address where connections are taken, and nothing is ever answered. */
  const open = new Set<Socket>();
  const server = createServer((socket) => void open.add(socket.on('error', () => {})));
  let connection: Connection;
  let engine: Engine;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    connection = Connection.lazy({ address: `127.0.0.1:${(server.address() as AddressInfo).port}` });
    engine = createEngine({ client: new Client({ connection }), times: { answer: 50, query: 50, probe: 50 } });
  });
  afterAll(async () => {
    await connection.close();
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each<[string, () => Promise<unknown>]>([
    ['which versions there are', () => engine.versions()],
    ['how a run is', () => engine.look(aReleaseId())],
    ['which version a run needs', () => engine.versionOf(aReleaseId())],
    ['whether a version is current', () => engine.noneCurrent()],
    ['whether a queue is asked for work', () => engine.isPolled('slipway-build')],
    ['to start a release', () => engine.startRelease(aRequest())],
    [
      'to start a rollback',
      () => engine.startRollback({ lane, releaseId: aReleaseId(), decision: decided, request: aRequest() }),
    ],
    ['to tell a run what was decided', () => engine.decide(aReleaseId(), decided)],
  ])('is not waited for when it is asked %s, and is named', async (_what, ask) => {
    const error = await ask().catch((cause: unknown) => cause);
    expect(temporalAway(error)).toMatch(/^Temporal (has not answered in time|cannot be reached)$/);
  });

  it('says nothing of a lane, takes no order, and is found to be what is away', async () => {
    expect(await engine.laneStatus(lane)).toBeUndefined();
    await expect(engine.orderLane(aLaneOrder(lane, { kind: 'freeze' }))).rejects.toBeInstanceOf(NoAnswer);
    expect(await engine.away()).toBe('temporal');
  });
});

it.each([
  ['temporal', 'cannot be reached', 14],
  ['temporal', 'has not answered in time', 4],
  ['temporal', 'is asked more than it takes', 8],
  ['unknown', 'does not let us ask', 7],
])('takes it for %s that is away where Temporal %s', async (away, _how, code) => {
  const error = new Error('in the words of the client', { cause: Object.assign(new Error('gRPC'), { code }) });
  const refusing = () => Promise.reject(error);
  const client = {
    workflowService: { describeTaskQueue: refusing },
    options: { namespace: 'default' },
    withDeadline: (_until: number, call: () => unknown) => Promise.resolve(call()),
  };
  expect(await createEngine({ client: client as unknown as Client }).away()).toBe(away);
  expect(temporalAway(error) === undefined).toBe(away === 'unknown');
});

it.each([
  ['workers', []],
  ['workers', [{ lastAccessTime: { seconds: 1 } }]],
  ['unknown', [{ lastAccessTime: { seconds: Math.floor(Date.now() / 1_000) } }]],
])('finds that it is the %s that do not answer by whom Temporal has heard of', async (away, pollers) => {
  const client = {
    workflowService: { describeTaskQueue: async () => ({ pollers }) },
    options: { namespace: 'default' },
    withDeadline: (_until: number, call: () => unknown) => Promise.resolve(call()),
  };
  expect(await createEngine({ client: client as unknown as Client }).away()).toBe(away);
});
