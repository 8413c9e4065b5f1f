import { describe, expect, it } from '@jest/globals';
import { errorCatalogue, failure, failureDetails } from '../../domain/errors/catalogue.ts';
import type { ErrorCode } from '../../domain/errors/catalogue.ts';
import { asHeldFor, endItFirst } from '../../domain/errors/end-it-first.ts';
import type { FailureEntry } from '../../domain/errors/failure.ts';
import { canBeMended } from '../../domain/failure-course.ts';

const entries = Object.entries(errorCatalogue);
const aFailure = (code: string) => failureDetails(code as ErrorCode, '');

describe('the catalogue of errors', () => {
  it.each(entries)(
    '%s has a code of the agreed form, a title in lower case without a full stop, and a next step',
    (code, { kind, blame, title, next }) => {
      expect(code).toMatch(/^SLIP-[A-Z0-9]{2,4}-[1-9]\d*$/);
      expect(['retryable', 'terminal', 'unknown']).toContain(kind);
      expect(['release', 'operator', 'world']).toContain(blame);
      expect(title).toMatch(/^\S.*[^.\s]$/);
      expect(next).toMatch(/^[A-Z`].*[.]$/s);
    },
  );

  it.each(entries)(
    '%s promises no ways on of `--why`: those are of how a run has ended, and no code knows that',
    (_code, { next }) => {
      expect(next).not.toContain('--why');
    },
  );

  it('says only of a run that is held for it how that ends, where another release is what mends it', () => {
    const mended = entries.filter(
      ([code, entry]) =>
        canBeMended({ code, ...entry }) && /slipway\.yaml|another tag|Release the commit/.test(entry.next),
    );
    const told = entries.filter(([code]) => asHeldFor(aFailure(code)).next.endsWith(` ${endItFirst}`));
    expect(told).toEqual(mended);
    expect(entries.filter(([, { next }]) => next.includes('slipway abort'))).toEqual([]);
    expect(asHeldFor(aFailure('SLIP-K8S-1'))).toEqual(aFailure('SLIP-K8S-1'));
  });

  it('numbers each area without gaps: a code is never taken away', () => {
    const areas = Map.groupBy(
      entries.map(([code]) => code.split('-')),
      ([, area]) => area,
    );
    for (const [area, codes] of areas) {
      const numbers = codes.map(([, , n]) => Number(n)).sort((a, b) => a - b);
      expect({ area, numbers }).toEqual({ area, numbers: numbers.map((_, i) => i + 1) });
    }
  });

  it('says of each failure what else follows from it', () => {
    const marked = (mark: 'inconclusive' | 'stops' | 'lookAgain') =>
      entries.filter(([, entry]: [string, FailureEntry]) => entry[mark]).map(([code]) => code);
    expect(marked('inconclusive')).toEqual(['SLIP-SCAN-2', 'SLIP-K8S-17', 'SLIP-VER-3']);
    expect(marked('stops')).toEqual(['SLIP-REL-9']);
    expect(marked('lookAgain')).toEqual(['SLIP-MIG-5', 'SLIP-MIG-6', 'SLIP-MIG-8', 'SLIP-MIG-15', 'SLIP-MIG-16']);
  });

  it('has no title twice', () => {
    const titles = entries.map(([, { title }]) => title);
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
  });

  it('cuts long details at whole characters', () => {
    expect(failureDetails('SLIP-REL-3', `${'😀'.repeat(2_000)}x`).detail).toBe(`…${'😀'.repeat(999)}x`);
  });

  it('cuts long details, and keeps their end, where the reason is', () => {
    const { detail } = failureDetails('SLIP-REL-5' satisfies ErrorCode, `${'x'.repeat(5_000)} the reason`);
    expect(detail).toHaveLength(2_001);
    expect(detail.endsWith('the reason')).toBe(true);
  });

  it('throws failures that say their code', () => {
    expect(String(failure('SLIP-REL-3', 'no image'))).toContain('SLIP-REL-3');
  });
});
