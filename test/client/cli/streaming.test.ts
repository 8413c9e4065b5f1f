import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createGatewayClient } from '../../../client/cli/gateway-client.ts';
import { sightings } from '../../../client/cli/sightings.ts';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { useGateway } from '../gateway/gateway.ts';
import { useStreams } from '../gateway/streams.ts';
import { until } from '../../support/world-until.ts';
import { aRelease, aStatus, ended, noon } from './builders.ts';
import { startFakeGateway, token, type Answer, type FakeGateway } from './fake-gateway.ts';
import { slipway } from './terminal.ts';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.close());

const release = aRelease();
const path = `/v1/releases/${encodeURIComponent(release.releaseId)}`;
const asked = (of: string) => gateway.seen.filter(({ path: at }) => at === of);

const state = (id: string, view: ReleaseView) => `id: ${id}\nevent: release\ndata: ${JSON.stringify(view)}\n\n`;
const saying = (line: string) => aStatus({ log: [{ at: noon + 900, line }] });
const eventStream = { 'content-type': 'text/event-stream; charset=utf-8' };
const stream = (...events: string[]) => ({ body: [': alive\n\n', ...events].join(''), headers: eventStream });
const openStream = (...events: string[]): Answer => ({ ...stream(...events), goesOn: true });
const away: Answer = { status: 503, body: { error: { code: 'unavailable', message: 'Temporal is away' } } };
const trouble = `event: trouble\ndata: ${JSON.stringify({ error: { code: 'unavailable', message: 'Temporal is away' } })}\n\n`;

describe('whoever follows a release at a gateway that tells how it goes on', () => {
  it.each([
    ['watch', 0],
    ['wait', 0],
    ['status --follow', 0],
    ['logs --follow', 0],
  ])('does not ask how it stands: %s', async (command, code) => {
    gateway.on(`GET ${path}/events`, stream(state('1', release), state('2', ended(release, 'verified'))));
    const { exitCode, stdout } = await slipway([...command.split(' '), release.releaseId], gateway.url);
    expect(stdout).toContain('verified');
    expect(asked(path)).toEqual([]);
    expect(exitCode).toBe(code);
  });

  it('prints the same document with --json, and events that it does not know are passed over', async () => {
    const end = ended(release, 'rolled-back');
    gateway.on(`GET ${path}/events`, stream('event: news\ndata: {}\n\n', state('1', release), state('2', end)));
    const { json, stderr, exitCode } = await slipway(['watch', release.releaseId, '--json'], gateway.url);
    expect(json).toMatchObject({ releaseId: release.releaseId, outcome: 'rolled-back', exitCode: 10 });
    expect([stderr, exitCode]).toEqual(['', 10]);
  });

  it('goes on where it was when the stream is broken', async () => {
    const later = { ...release, status: saying('core is built') };
    gateway.on(
      `GET ${path}/events`,
      { ...stream(state('1', release), state('2', later)), breaks: true },
      'hang-up',
      stream(state('3', ended(release, 'verified'))),
    );
    const { stdout, exitCode } = await slipway(['watch', release.releaseId], gateway.url);
    // Whoever has asked in vain has seen nothing more.
    expect(asked(`${path}/events`).map(({ lastEventId }) => lastEventId)).toEqual([undefined, '2', '2']);
    expect(stdout).toContain('core is built');
    expect(stdout).not.toContain('trying again');
    expect(asked(path)).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it.each<[string, Answer[], number]>([
    ['breaks again and again', ['hang-up'], 3],
    [
      'is of something that is not the gateway',
      [{ body: '<p>Welcome</p>', headers: { 'content-type': 'text/html' } }],
      1,
    ],
    [
      'has no place for one more',
      [{ status: 429, body: { error: { code: 'too-many-requests', message: 'more' } } }],
      1,
    ],
    ['is refused because something is away', [away], 1],
    ['holds no release', [stream('event: release\ndata: {"open": 1}\n\n')], 1],
  ])('asks instead when the stream %s', async (_what, answers, times) => {
    gateway.on(`GET ${path}/events`, ...answers);
    gateway.on(`GET ${path}`, { body: release }, { body: ended(release, 'verified') });
    expect((await slipway(['watch', release.releaseId], gateway.url)).exitCode).toBe(0);
    expect(asked(`${path}/events`)).toHaveLength(times);
    expect(asked(path)).toHaveLength(2);
  });

  it('tries a stream again after a while, and is not told again what it has seen meanwhile', async () => {
    gateway.on(`GET ${path}/events`, stream(state('1', release)), away, stream(state('9', ended(release, 'verified'))));
    gateway.on(`GET ${path}`, { body: release });
    await slipway(['watch', release.releaseId], gateway.url);
    expect(asked(`${path}/events`).map(({ lastEventId }) => lastEventId)).toEqual([undefined, '1', undefined]);
    expect(asked(path).length).toBeGreaterThan(5);
  });

  it('is told that the run cannot be looked at, and when it can be again', async () => {
    const events = [state('1', release), trouble, state('1', release), state('2', ended(release, 'verified'))];
    gateway.on(`GET ${path}/events`, stream(...events));
    const { stdout } = await slipway(['watch', release.releaseId], gateway.url, { inRealTime: true });
    expect(stdout.match(/Temporal is away; trying again/g)).toHaveLength(1);
    expect(stdout).toContain('the gateway answers again');
  });

  it('gives up when it cannot be looked at for ten minutes', async () => {
    gateway.on(`GET ${path}/events`, openStream(state('1', release), trouble));
    const { stderr, exitCode } = await slipway(['watch', release.releaseId], gateway.url);
    expect(stderr).toContain('Temporal is away');
    expect(exitCode).toBe(4);
  });

  it('stops following, not the release, after --timeout, though nothing comes', async () => {
    gateway.on(`GET ${path}/events`, openStream(state('1', release)));
    const { exitCode, stderr } = await slipway(['watch', release.releaseId, '--timeout', '30s'], gateway.url);
    expect(stderr).toContain('still running: not ended after 30 s; the release goes on');
    expect(exitCode).toBe(5);
  });

  it('leaves the release running on Ctrl-C, though nothing comes', async () => {
    gateway.on(`GET ${path}/events`, openStream(state('1', release)));
    const stop = new AbortController();
    const { exitCode, stderr } = await slipway(['watch', release.releaseId], gateway.url, {
      signal: stop.signal,
      onWrite: () => setImmediate(() => stop.abort()),
    });
    expect(stderr).toContain(`slipway rollback ${release.releaseId}`);
    expect(exitCode).toBe(130);
  });

  it('waits for the outcome of a run that was ended by force, and not for ever', async () => {
    const { outcome: _, ...unrecorded } = ended(release, 'failed');
    gateway.on(`GET ${path}/events`, openStream(state('1', unrecorded)));
    expect((await slipway(['watch', release.releaseId], gateway.url)).exitCode).toBe(4);
  });

  it('waits until a person is asked, and no longer', async () => {
    const waitingFor = { what: 'approval', who: 'one of group release-managers', decisions: ['approve' as const] };
    const asking = { ...release, status: aStatus({ stage: 'awaiting-approval', waitingFor }) };
    gateway.on(`GET ${path}/events`, openStream(state('1', release), state('2', asking)));
    const { stdout, exitCode } = await slipway(['wait', release.releaseId, '--for', 'person'], gateway.url);
    expect(stdout).toContain('waits for approval');
    expect(exitCode).toBe(0);
  });
});

describe('whoever follows a release through something that keeps back what comes', () => {
  it('asks after a moment without a sign of life, and tries no other stream', async () => {
    gateway.on(`GET ${path}/events`, { body: '', headers: eventStream, goesOn: true });
    gateway.on(`GET ${path}`, { body: release });
    let now = noon;
    const io = {
      now: () => now,
      sleep: async (ms: number) => void (now += ms),
      signal: new AbortController().signal,
    };
    const client = createGatewayClient({ url: gateway.url, token, io, timeoutMs: 300 });
    const seeing = sightings({ io, gateway: client, releaseId: release.releaseId, longestPauseMs: 3_000 });
    for (let n = 0; n < 20; n += 1) expect(await seeing.next(Infinity)).toMatchObject({ open: true });
    expect(now).toBeGreaterThan(noon + 30_000);
    expect(asked(`${path}/events`)).toHaveLength(1);
    seeing.close();
  });
});

describe('whoever follows a release whose gateway ends', () => {
  const start = useGateway();
  const { listening } = useStreams();

  it('goes on with the next one at the same address', async () => {
    const [first, next] = [start(), start()];
    const id = await first.release();
    const port = await listening(first);
    const says = (doing: string) => async (releaseId: string) => ({
      ...aStatus({ log: [{ at: noon, line: doing }] }),
      releaseId,
    });
    first.engine.status = says('core is built');
    next.engine.status = says('core is deployed');
    next.engine.runs.set(id, { open: true, pending: [] });
    let written = '';
    const ran = slipway(['watch', id], `http://127.0.0.1:${port}`, {
      inRealTime: true,
      env: { SLIPWAY_TOKEN: 'token-of-dana' },
      onWrite: (text) => (written += text),
    });
    await until('what the first says', () => written.includes('core is built'));
    await first.server.close();
    await listening(next, port);
    await until('what the next one says', () => written.includes('core is deployed'));
    next.engine.runs.set(id, { open: false, pending: [] });
    await next.records.attempts.conclude(id, { outcome: 'rejected', summary: 'not today', endedAt: 9 });
    expect((await ran).exitCode).toBe(11);
  });
});
