import { describe, expect, it } from '@jest/globals';
import type { LaneClosure } from '../../domain/contract/lane.ts';
import { renderLane } from '../../domain/lane-details.ts';
import { newLane } from '../../domain/lane-state.ts';
import { aMember } from './builders.ts';

const lane = { service: 'shop', environment: 'production' };
const freeze = (id: string, reason: string): LaneClosure => {
  return { id, kind: 'freeze', scope: lane, from: 1, passes: [], by: 'kim', reason };
};
const aLane = (closures: LaneClosure[], moreClosures?: number) =>
  newLane(lane, { incarnation: 1, sequence: 1, waiting: [], closures, ...(moreClosures && { moreClosures }) });

describe('the head of a lane in the Temporal UI', () => {
  it('says who holds it, what closes it, and who waits', () => {
    const waiting = { member: aMember('release/two'), claiming: true, told: 'frozen by kim: sale' };
    const ticket = { incarnation: 1, n: 1 };
    const holder = { member: aMember('release/one'), ticket, since: 1 };
    expect(renderLane({ ...aLane([freeze('f1', 'sale')]), holder, queue: [waiting] })).toBe(
      [
        '**Lane of shop in production**',
        'Held by `release/one`',
        '**freeze** `f1` (kim): frozen by kim: sale',
        '- `release/two` waits: frozen by kim: sale',
      ].join('\n\n'),
    );
  });

  it('shows reasons as they were written, and never as a link or a line of their own', () => {
    const reason = '[all is well](https://evil.test)\n\n# Approved\n\n<b>|`';
    const waiting = { member: aMember('release/two'), claiming: true, told: reason };
    const page = renderLane({ ...aLane([freeze('f1', reason)]), queue: [waiting] });
    expect(page.split('\n\n')).toHaveLength(4);
    expect(page).not.toMatch(/(?<!\\)\[|(?<!\\)<|^#/m);
  });

  it('stays small, and says how many more there are', () => {
    const closures = Array.from({ length: 50 }, (_, n) => freeze(`f${n}`, 'x'.repeat(300)));
    const page = renderLane(aLane(closures, 700));
    expect(page).toContain('730 more close it');
    expect(page.length).toBeLessThan(10_000);
  });

  it('shows the newest of what closes it, also where a lane that has begun anew names the holds first', () => {
    const hold: LaneClosure = { ...freeze('h1', 'bad'), kind: 'hold', from: 900 };
    const freezes = Array.from({ length: 20 }, (_, n) => ({ ...freeze(`f${n}`, 'sale'), from: 100 + n }));
    const page = renderLane(aLane([hold, ...freezes]));
    expect(page).toContain('**hold** `h1`');
    expect(page).toContain('`f19`');
    expect(page).not.toContain('`f0`');
    expect(page).toContain('1 more close it');
  });
});
