import { describe, expect, it } from '@jest/globals';
import { statementsIn } from '../../domain/audit-statements.ts';
import { aHash } from './builders.ts';

const end = { lane: 'shop/production', n: 1, hash: aHash('1') };
const line = (ends: unknown, statement: object = {}) =>
  JSON.stringify({ statement: { n: 1, at: 1, ends, ...statement }, keyId: '', signature: '' });

describe('a line of the ends that were kept outside', () => {
  it('is a statement, also behind a word of a log', () => {
    expect(statementsIn([`${line([end])}\nends ${line([])}\n`])).toMatchObject({ all: [{}, {}], unread: 0 });
  });

  it.each([
    ['an end that is nothing', line([null])],
    ['an end that is a text', line(['shop/production'])],
    ['an end of no lane', line([{ ...end, lane: undefined }])],
    ['an end with half a number', line([{ ...end, n: 1.5 }])],
    ['an end whose hash is none', line([end, { ...end, hash: 7 }])],
    ['ends that are none', line('all')],
    ['a time that is none', line([end], { at: 1e300 })],
    ['half a line', line([end]).slice(0, -9)],
  ])('is none with %s, and keeps nobody from reading the others', (_what, odd) => {
    expect(statementsIn([`${odd}\n${line([end])}`])).toMatchObject({
      all: [{ statement: { ends: [end] } }],
      unread: 1,
    });
  });
});
