import { describe, expect, it } from '@jest/globals';
import { ApiException } from '@kubernetes/client-node';
import type { ClusterConnection } from '../../activities/shared/cluster-connection.ts';
import { recentWarnings, warningsAbout } from '../../activities/shared/cluster-warnings.ts';

type Page = { items: object[]; _continue?: string };

/** An API server with pages of events, each asked for by the token that the one before has given. */
function aClusterWith(pages: Record<string, Page | number>): { cluster: ClusterConnection; asked: string[] } {
  const asked: string[] = [];
  const listNamespacedEvent = async ({ _continue = 'first' }: { _continue?: string }) => {
    asked.push(_continue);
    const page = pages[_continue];
    if (typeof page === 'number') throw new ApiException(page, 'no', '', {});
    return { items: page?.items ?? [], metadata: { _continue: page?._continue } };
  };
  const call = (_what: string, work: () => Promise<unknown>) => work();
  return { cluster: { core: { listNamespacedEvent }, call } as unknown as ClusterConnection, asked };
}

const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1_000);
const anEvent = (uid: string, seconds: number, over: object = {}) => ({
  type: 'Warning',
  reason: 'Unhealthy',
  message: `Readiness probe failed: password=geheim after ${seconds} s`,
  involvedObject: { kind: 'Pod', name: 'api-1', uid, fieldPath: 'spec.containers{api}' },
  metadata: {},
  firstTimestamp: at(0),
  lastTimestamp: at(seconds),
  count: 3,
  ...over,
});
const about = [{ uid: 'p1' }, undefined];

describe('warnings about some objects', () => {
  it('are of these objects alone, newest first, with their times and container, and without secrets', async () => {
    const old = anEvent('p1', 1, { lastTimestamp: undefined, count: undefined });
    const counted = { lastObservedTime: at(9), count: 40 };
    const items = [old, anEvent('p0', 5), anEvent('p1', 2, { type: 'Normal' }), anEvent('p1', 3, { series: counted })];
    const seen = await warningsAbout(aClusterWith({ first: { items } }).cluster, 'shop', about);
    expect(seen.map(({ lastAt, firstAt, count }) => [lastAt, firstAt, count])).toEqual([
      [at(9).getTime(), at(0).getTime(), 40],
      [at(0).getTime(), at(0).getTime(), 1],
    ]);
    expect(seen[0]).toMatchObject({ kind: 'Pod', name: 'api-1', uid: 'p1', container: 'api', reason: 'Unhealthy' });
    expect(seen[0]?.message).toBe('Readiness probe failed: password=[redacted] after 3 s');
  });

  it('have times also where the scheduler has written them, with microseconds, which the client library leaves as text', async () => {
    const ofScheduler = { firstTimestamp: null, lastTimestamp: null, eventTime: '2027-01-15T08:00:07.123456Z' };
    const counted = { lastObservedTime: '2027-01-15T08:00:09.123456Z', count: 2 };
    const items = [anEvent('p1', 0, ofScheduler), anEvent('p1', 0, { ...ofScheduler, series: counted })];
    const seen = await warningsAbout(aClusterWith({ first: { items } }).cluster, 'shop', about);
    expect(seen.map(({ lastAt, firstAt }) => [lastAt, firstAt])).toEqual([
      [Date.UTC(2027, 0, 15, 8, 0, 9, 123), Date.UTC(2027, 0, 15, 8, 0, 7, 123)],
      [Date.UTC(2027, 0, 15, 8, 0, 7, 123), Date.UTC(2027, 0, 15, 8, 0, 7, 123)],
    ]);
  });

  it('are found on the last page of a busy namespace', async () => {
    const { cluster, asked } = aClusterWith({
      first: { items: [anEvent('p0', 1)], _continue: 'second' },
      second: { items: [], _continue: 'third' },
      third: { items: [anEvent('p1', 2)] },
    });
    expect(await recentWarnings(cluster, 'shop', about)).toEqual([
      'Pod/api-1 Unhealthy: Readiness probe failed: password=[redacted] after 2 s (3 times)',
    ]);
    expect(asked).toEqual(['first', 'second', 'third']);
  });

  it.each([
    ['the right to read them', { first: 403 }, 0],
    ['a list that is still there', { first: { items: [anEvent('p1', 1)], _continue: 'second' }, second: 410 }, 1],
  ])('are what could be read without %s', async (_name, pages, found) => {
    expect(await warningsAbout(aClusterWith(pages).cluster, 'shop', about)).toHaveLength(found);
  });

  it('end after a bounded number of pages', async () => {
    const { cluster, asked } = aClusterWith({ first: { items: [], _continue: 'first' } });
    await warningsAbout(cluster, 'shop', about);
    expect(asked).toHaveLength(10);
  });

  it('that cannot be read for another reason are no absence of warnings', async () => {
    await expect(warningsAbout(aClusterWith({ first: 500 }).cluster, 'shop', about)).rejects.toThrow();
  });
});
