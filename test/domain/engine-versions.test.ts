import { describe, expect, it } from '@jest/globals';
import { judgeVersions } from '../../domain/engine-versions.ts';
import type { EngineVersion } from '../../domain/engine-versions.ts';

const current: EngineVersion = { buildId: 'new', current: true, polled: true, pinned: 0 };
const old: EngineVersion = { buildId: 'old', current: false, polled: true, pinned: 0 };

describe('judgeVersions', () => {
  it.each<[string, EngineVersion[], { ok: boolean; says: RegExp; next?: RegExp }[]]>([
    ['there is one version, with workers', [current], [{ ok: true, says: /^new is current, .*0 runs are on it$/ }]],
    [
      'no worker has ever been there',
      [],
      [{ ok: false, says: /no version is current/, next: /^Start .*SLIPWAY_MAKE_CURRENT=true/ }],
    ],
    [
      'workers are there, but none is current: a fresh install',
      [old, { ...old, buildId: 'other', polled: false }],
      [
        { ok: false, says: /no version is current/, next: /old or other/ },
        { ok: true, says: /^old is old and nothing runs on it/ },
      ],
    ],
    [
      'the current one has lost its workers',
      [{ ...current, polled: false }],
      [{ ok: false, says: /nothing new can begin/, next: /^Start/ }],
    ],
    [
      'an old one drains',
      [current, { ...old, pinned: 2 }],
      [
        { ok: true, says: /new/ },
        { ok: true, says: /^old is old: 2 runs are still on it. Keep its workers/ },
      ],
    ],
    [
      'runs are stranded on an old one',
      [current, { ...old, polled: false, pinned: 1 }],
      [
        { ok: true, says: /new/ },
        { ok: false, says: /^1 run is on the old version old/, next: /^Start an engine worker of that version/ },
      ],
    ],
    ['an old one is over', [current, { ...old, polled: false }], [{ ok: true, says: /new/ }]],
  ])('says what to do when %s', (_when, versions, findings) => {
    const found = judgeVersions(versions);
    expect(found.map(({ ok, next }) => [ok, next !== undefined])).toEqual(
      findings.map(({ ok, next }) => [ok, next !== undefined]),
    );
    findings.forEach(({ says, next = /^$/ }, i) => {
      expect(found[i]?.says).toMatch(says);
      expect(found[i]?.next ?? '').toMatch(next);
    });
  });
});
