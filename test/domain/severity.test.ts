import { describe, expect, it } from '@jest/globals';
import type { Severity } from '../../domain/contract/release.ts';
import { severityOfScore, severityOfVector, severityOfWord, worstOf } from '../../domain/severity.ts';

describe('severities', () => {
  it.each<[string, Severity]>([
    ['CRITICAL', 'CRITICAL'],
    ['high', 'HIGH'],
    ['Important', 'HIGH'],
    ['MODERATE', 'MEDIUM'],
    ['medium', 'MEDIUM'],
    ['Low', 'LOW'],
    ['negligible', 'LOW'],
    ['unimportant', 'LOW'],
    [' low ', 'LOW'],
    ['UNKNOWN', 'UNKNOWN'],
    ['untriaged', 'UNKNOWN'],
    ['constructor', 'UNKNOWN'],
    ['', 'UNKNOWN'],
  ])('the word %j is %s', (word, expected) => expect(severityOfWord(word)).toBe(expected));

  it.each<[number, Severity]>([
    [9, 'CRITICAL'],
    [8.9, 'HIGH'],
    [7, 'HIGH'],
    [4, 'MEDIUM'],
    [0.1, 'LOW'],
    [0, 'UNKNOWN'],
    [Number.NaN, 'UNKNOWN'],
  ])('the score %d is %s', (score, expected) => expect(severityOfScore(score)).toBe(expected));

  // Published scores, in the same order: 10.0, 9.8, 7.5, 6.1, 5.9, 3.1, 4.1, and by version 2: 10.0, 7.5, 5.0.
  it.each<[string, Severity]>([
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 'CRITICAL'],
    ['CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 'CRITICAL'],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', 'HIGH'],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 'MEDIUM'],
    ['CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N/E:P', 'MEDIUM'],
    ['CVSS:3.1/AV:N/AC:H/PR:L/UI:N/S:U/C:L/I:N/A:N', 'LOW'],
    ['CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:C/C:L/I:N/A:N', 'MEDIUM'],
    ['AV:N/AC:L/Au:N/C:C/I:C/A:C', 'CRITICAL'],
    ['(AV:N/AC:L/Au:N/C:P/I:P/A:P)', 'HIGH'],
    ['AV:N/AC:L/Au:N/C:N/I:N/A:P', 'MEDIUM'],
    ['CVSS:3.1/AV:N/AC:L', 'UNKNOWN'],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 'UNKNOWN'],
    ['nonsense', 'UNKNOWN'],
  ])('the vector %s is %s', (vector, expected) => expect(severityOfVector(vector)).toBe(expected));

  it('the worst of several is the worst that is known', () => {
    expect(worstOf(['LOW', 'UNKNOWN', 'HIGH'])).toBe('HIGH');
    expect(worstOf(['UNKNOWN'])).toBe('UNKNOWN');
    expect(worstOf([])).toBe('UNKNOWN');
  });
});
