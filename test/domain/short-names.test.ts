import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readRunName, shortName } from '../../domain/short-names.ts';
import type { NamedRun } from '../../domain/short-names.ts';
import { aReleaseId } from './builders.ts';

const of = { releaseId: aReleaseId(), service: 'shop' };

describe('the short name of a run', () => {
  it.each([
    [{ ...of, number: 142 }, 'shop#142'],
    [{ ...of, undoes: { releaseId: aReleaseId(), number: 142, nth: 2 } }, 'shop#142~2'],
    [of, aReleaseId()],
    [{ ...of, undoes: { releaseId: aReleaseId() } }, aReleaseId()],
  ])('of %j is %s', (row, name) => {
    expect(shortName(row)).toBe(name);
  });

  it.each<[string, NamedRun | undefined]>([
    ['shop#142', { kind: 'number', service: 'shop', number: 142 }],
    ['#142', { kind: 'number', number: 142 }],
    ['shop#142~2', { kind: 'number', service: 'shop', number: 142, nth: 2 }],
    ['@latest', { kind: 'latest' }],
    ['@waiting', { kind: 'waiting' }],
    ['4f0c', { kind: 'commit', commit: '4f0c' }],
    [aReleaseId(), { kind: 'id', id: aReleaseId() }],
    ['rollback/shop/production/x', { kind: 'id', id: 'rollback/shop/production/x' }],
    ['4f0', undefined],
    ['shop', undefined],
    ['shop#', undefined],
    ['shop#142~', undefined],
    ['@newest', undefined],
    ['', undefined],
  ])('%s is read as what it means', (text, named) => {
    expect(readRunName(text)).toEqual(named);
  });

  it('is read back as what it is of', () => {
    const number = fc.integer({ min: 1, max: 10 ** 9 });
    const service = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
    fc.assert(
      fc.property(service, number, fc.option(fc.integer({ min: 1, max: 999 }), { nil: undefined }), (name, n, nth) => {
        const row = nth === undefined ? { number: n } : { undoes: { releaseId: 'r', number: n, nth } };
        const read = { kind: 'number', service: name, number: n, ...(nth !== undefined && { nth }) };
        expect(readRunName(shortName({ releaseId: 'r', service: name, ...row }))).toEqual(read);
      }),
    );
  });
});
