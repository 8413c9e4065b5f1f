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
      [{ ok: false, says: /no version is current/, next: /^Start an engine worker/ }],
    ],
    [
      'workers are there, but none is current',
      [
        { ...old, buildId: 'a', untried: true },
        { ...old, buildId: 'b', untried: true },
        { ...old, buildId: 'gone', polled: false },
      ],
      [
        {
          ok: false,
          says: /no version is current: nothing can begin, though engine workers poll$/,
          next: /`slipway setup --make-current a` or `slipway setup --make-current b`\.$/,
        },
      ],
    ],
    [
      'an upgrade has not become current',
      [current, { ...old, buildId: 'newer', untried: true }],
      [
        { ok: true, says: /new/ },
        {
          ok: false,
          says: /^newer has workers that poll, and was never current: what is new begins on new$/,
          next: /`slipway setup --make-current newer`.* Otherwise stop its workers\.$/,
        },
      ],
    ],
    [
      'an upgrade was given up, and its workers are gone',
      [current, { ...old, polled: false, untried: true }],
      [{ ok: true, says: /new/ }],
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
