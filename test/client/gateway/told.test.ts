import { describe, expect, it } from '@jest/globals';
import { placeOf, toldAfter, withTold } from '../../../client/gateway/told.ts';
import type { Told } from '../../../client/gateway/told.ts';

const state = (id: string, text = id) => ({ event: 'release', id, text }) as const;
const trouble = { event: 'trouble', text: 'away' } as const;
const end = { event: 'end', text: 'over' } as const;

const most = { states: 3, characters: 100 };
const told = (...events: Omit<Told, 'nth'>[]) =>
  events.reduce<Told[]>((before, next) => withTold(before, next, most), []);
const after = (all: Told[], id?: string) => {
  const texts: string[] = [];
  for (let next = toldAfter(all, placeOf(all, id)); next; next = toldAfter(all, next.nth)) texts.push(next.text);
  return texts;
};

describe('what is told to whoever watches a run', () => {
  it.each([
    ['the present state alone, to whoever has seen none', told(state('a'), state('b')), undefined, ['b']],
    ['the present state, to whoever has seen what nobody knows', told(state('a'), state('b')), 'z', ['b']],
    ['all that came behind it', told(state('a'), state('b'), state('c')), 'a', ['b', 'c']],
    ['nothing, to whoever has seen the present one', told(state('a'), state('b')), 'b', []],
    ['what came behind the last time that it was so', told(state('a'), state('b'), state('a'), state('c')), 'a', ['c']],
    ['the trouble that there is', told(state('a'), trouble), 'a', ['away']],
    ['the state and the trouble that there is', told(state('a'), trouble), undefined, ['a', 'away']],
    ['no trouble that is over', told(state('a'), trouble, state('b')), 'a', ['b']],
    ['that it is over', told(state('a'), end), 'a', ['over']],
    ['the last state, and that it is over', told(state('a'), state('b'), end), undefined, ['b', 'over']],
  ])('is %s', (_what, all, id, expected) => {
    expect(after(all, id)).toEqual(expected);
  });

  it('is said again where a trouble was told in between, though nothing has changed', () => {
    const before = told(state('a'), trouble);
    const all = withTold(before, state('a'), most);
    expect(toldAfter(all, before.at(-1)!.nth)?.text).toBe('a');
  });

  it('has so many states at most, and those that are not too long together', () => {
    expect(told(...['a', 'b', 'c', 'd', 'e'].map((id) => state(id))).map(({ text }) => text)).toEqual(['c', 'd', 'e']);
    const long = 'x'.repeat(100);
    expect(told(state('a'), state('b', long), state('c')).map(({ id }) => id)).toEqual(['b', 'c']);
    expect(told(state('a', long), state('b', long), state('c')).map(({ id }) => id)).toEqual(['b', 'c']);
  });

  it('always has the present state, however long it is', () => {
    const long = 'x'.repeat(1_000);
    expect(after(told(state('a'), state('b', long), trouble))).toEqual([long, 'away']);
    expect(after(told(state('a'), state('b', long), trouble, end))).toEqual([long, 'over']);
  });

  it('has one trouble at most', () => {
    const troubles = Array.from({ length: 50 }, (_, n) => ({ ...trouble, text: `away ${n}` }));
    expect(after(told(state('a'), ...troubles), 'a')).toEqual(['away 49']);
  });
});
