import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ScanException, Severity } from '../../domain/contract/release.ts';
import { judgeScan, type ScanFinding, type ScanResult } from '../../domain/scan.ts';
import { leastCostOf, unit } from '../security/support/cost.ts';

const aFinding = (changes: Partial<ScanFinding> = {}): ScanFinding => ({
  id: 'CVE-2026-1',
  severity: 'HIGH',
  where: 'openssl 3.0.9',
  ...changes,
});
const scanned = (...findings: ScanFinding[]): ScanResult => ({ kind: 'scanned', scanner: 'Trivy', findings });
const unscanned: ScanResult = { kind: 'unscanned', scanner: 'OSV-Scanner', reason: 'there is no database' };
const anException = (changes: Partial<ScanException> = {}): ScanException => ({
  id: 'CVE-2026-1',
  reason: 'not reachable',
  expires: '2026-12-31',
  ...changes,
});
const rule = (changes: Partial<Parameters<typeof judgeScan>[1]> = {}) => ({
  failOn: ['CRITICAL', 'HIGH'] as Severity[],
  exceptions: [],
  today: '2026-11-22',
  ...changes,
});

describe('judgeScan', () => {
  it('takes time that grows with what was found, and no faster', () => {
    const ofMany = (count: number) => {
      const findings = Array.from({ length: count }, (_, n) => aFinding({ id: `CVE-2026-${n}` }));
      return leastCostOf(() => judgeScan([scanned(...findings)], rule()));
    };
    const [few, many] = [ofMany(10_000), ofMany(100_000)];
    expect(many).toBeLessThan(20 * few + 6 * unit);
  });

  it.each([
    ['nothing found', [scanned()], rule(), 'pass'],
    ['a severity that does not count', [scanned(aFinding({ severity: 'MEDIUM' }))], rule(), 'pass'],
    ['a severity that counts', [scanned(aFinding())], rule(), 'fail'],
    [
      'an unknown severity where that counts',
      [scanned(aFinding({ severity: 'UNKNOWN' }))],
      rule({ failOn: ['UNKNOWN'] }),
      'fail',
    ],
    ['nothing at all was scanned', [], rule(), 'inconclusive'],
    ['one of two could not be scanned', [scanned(), unscanned], rule(), 'inconclusive'],
    ['one could not be scanned, the other is bad', [unscanned, scanned(aFinding())], rule(), 'fail'],
    ['a living exception', [scanned(aFinding())], rule({ exceptions: [anException()] }), 'pass'],
    [
      'an exception on its last day',
      [scanned(aFinding())],
      rule({ exceptions: [anException({ expires: '2026-11-22' })] }),
      'pass',
    ],
    [
      'an exception a day too late',
      [scanned(aFinding())],
      rule({ exceptions: [anException({ expires: '2026-11-21' })] }),
      'fail',
    ],
    [
      'an exception without a date',
      [scanned(aFinding())],
      rule({ exceptions: [anException({ expires: 'never' })] }),
      'fail',
    ],
    [
      'an exception for something else',
      [scanned(aFinding())],
      rule({ exceptions: [anException({ id: 'CVE-2026-11' })] }),
      'fail',
    ],
    [
      'an exception while another scan is missing',
      [scanned(aFinding()), unscanned],
      rule({ exceptions: [anException()] }),
      'inconclusive',
    ],
  ] as const)('%s: %4$s', (_what, reports, given, expected) => {
    expect(judgeScan(reports, given).verdict).toBe(expected);
  });

  it('says the counts, the worst finding and the exceptions that are over, in one line', () => {
    const judged = judgeScan(
      [
        scanned(
          aFinding(),
          aFinding({ id: 'CVE-2026-2', severity: 'CRITICAL', where: 'zlib 1.2' }),
          aFinding({ id: 'CVE-2026-3' }),
        ),
      ],
      rule({ exceptions: [anException({ expires: '2026-11-01' })] }),
    );
    expect(judged.summary).toBe(
      '1 CRITICAL, 2 HIGH, the worst CVE-2026-2 in zlib 1.2; then CVE-2026-1, CVE-2026-3; expired exceptions: CVE-2026-1',
    );
    expect(judged.expired).toEqual([anException({ expires: '2026-11-01' })]);
  });

  it('names what an exception excuses, by which, under whatever name', () => {
    const alias = anException({ id: 'GHSA-aaaa' });
    const judged = judgeScan(
      [scanned(aFinding({ aliases: ['GHSA-aaaa'] }), aFinding({ id: 'CVE-2026-9', severity: 'LOW' }))],
      rule({ exceptions: [alias] }),
    );
    expect(judged.excused).toMatchObject([{ id: 'CVE-2026-1', by: alias }]);
    expect([judged.findings, judged.counted]).toEqual([[], 0]);
  });

  const secret = 'generic-api-key:test/fixture.env:0123456789abcdef';
  it.each<[string, Partial<ScanFinding>, string, 'pass' | 'fail']>([
    ['its CVE', { id: 'GHSA-aaaa', aliases: ['CVE-2026-1'] }, 'CVE-2026-1', 'pass'],
    ['its GHSA', { aliases: ['GHSA-aaaa', 'RUSTSEC-2026-0001'] }, 'GHSA-aaaa', 'pass'],
    ['its RUSTSEC id', { aliases: ['GHSA-aaaa', 'RUSTSEC-2026-0001'] }, 'RUSTSEC-2026-0001', 'pass'],
    ['its PYSEC id', { id: 'GHSA-aaaa', aliases: ['PYSEC-2026-7'] }, 'PYSEC-2026-7', 'pass'],
    ['its GO id', { id: 'GO-2026-0001', aliases: ['CVE-2026-1'] }, 'GO-2026-0001', 'pass'],
    ['the advisory of its distribution', { aliases: ['DSA-1-1'] }, 'DSA-1-1', 'pass'],
    ['a longer name', { id: 'CVE-2026-1' }, 'CVE-2026-11', 'fail'],
    [
      'one of several that an advisory is about',
      { id: 'DSA-1-1', aliases: ['CVE-2026-1', 'CVE-2026-2'] },
      'CVE-2026-1',
      'fail',
    ],
    ['the advisory about several', { id: 'DSA-1-1', aliases: ['CVE-2026-1', 'CVE-2026-2'] }, 'DSA-1-1', 'pass'],
    ['that very secret', { id: secret }, secret, 'pass'],
    ['the rule that found a secret', { id: secret }, 'generic-api-key', 'fail'],
    ['another secret in the same file', { id: secret }, secret.replace('0123', 'ffff'), 'fail'],
    ['the same secret in another file', { id: secret }, secret.replace('fixture', 'other'), 'fail'],
  ])('an exception for %s', (_what, finding, id, expected) => {
    const given = rule({ exceptions: [anException({ id })] });
    expect(judgeScan([scanned(aFinding(finding))], given).verdict).toBe(expected);
  });

  it('excuses a vulnerability by a name that only another scanner knows', () => {
    const reports = [
      scanned(aFinding()),
      scanned(aFinding({ id: 'GHSA-aaaa', aliases: ['CVE-2026-1'], where: 'lib 1' })),
    ];
    expect(judgeScan(reports, rule({ exceptions: [anException({ id: 'GHSA-aaaa' })] })).verdict).toBe('pass');
  });

  it('excuses no other vulnerability of the advisory that both are in', () => {
    const reports = [scanned(aFinding({ aliases: ['DSA-1-1'] }), aFinding({ id: 'CVE-2026-2', aliases: ['DSA-1-1'] }))];
    const judged = judgeScan(reports, rule({ exceptions: [anException()] }));
    expect([judged.verdict, judged.findings.map(({ id }) => id)]).toEqual(['fail', ['CVE-2026-2']]);
  });

  it.each<[string, ScanFinding[], number]>([
    ['two names of one CVE', [aFinding(), aFinding({ id: 'GHSA-aaaa', aliases: ['CVE-2026-1'] })], 1],
    [
      'two databases without a CVE',
      [aFinding({ id: 'GHSA-a', aliases: ['RUSTSEC-1'] }), aFinding({ id: 'GHSA-a' })],
      1,
    ],
    ['a name that belongs to one CVE elsewhere', [aFinding({ aliases: ['GO-1'] }), aFinding({ id: 'GO-1' })], 1],
    ['the same in two places', [aFinding(), aFinding({ where: 'libssl3 3.0.9' })], 2],
    [
      'two CVEs of one advisory',
      [aFinding({ aliases: ['DSA-1'] }), aFinding({ id: 'CVE-2026-2', aliases: ['DSA-1'] })],
      2,
    ],
  ])('counts %s', (_what, findings, counted) => {
    expect(judgeScan([scanned(...findings)], rule()).counted).toBe(counted);
  });

  it('takes the worst severity that anybody gives, and the version that mends it from whoever knows one', () => {
    const judged = judgeScan(
      [scanned(aFinding({ severity: 'UNKNOWN' })), scanned(aFinding({ severity: 'CRITICAL', fixedIn: '3.0.11' }))],
      rule(),
    );
    expect(judged.findings).toMatchObject([{ id: 'CVE-2026-1', severity: 'CRITICAL', fixedIn: '3.0.11' }]);
  });

  it('names what it lets pass although nobody knows how bad it is', () => {
    const judged = judgeScan([scanned(aFinding({ severity: 'UNKNOWN' }))], rule());
    expect(judged).toMatchObject({
      verdict: 'pass',
      summary: 'nothing that counts in 1 findings; of unknown severity, which the policy lets pass: CVE-2026-1',
    });
  });

  it('names secrets as an exception needs them', () => {
    const judged = judgeScan(
      [scanned(aFinding({ id: secret, severity: 'CRITICAL', where: 'test/fixture.env:3' }))],
      rule(),
    );
    expect(judged.summary).toBe(`1 CRITICAL, the worst ${secret} in test/fixture.env:3`);
  });

  it('says why something could not be scanned', () => {
    expect(judgeScan([unscanned], rule()).summary).toBe('could not scan: OSV-Scanner: there is no database');
  });

  it('counts what two scanners both found once, and shows at most fifty, the worst first', () => {
    const many = Array.from({ length: 70 }, (_, n) => aFinding({ id: `CVE-2026-${100 + n}` }));
    const judged = judgeScan(
      [scanned(...many), scanned(...many, aFinding({ id: 'CVE-2026-9', severity: 'CRITICAL' }))],
      rule(),
    );
    expect([judged.counted, judged.findings.length, judged.findings[0]?.id]).toEqual([71, 50, 'CVE-2026-9']);
  });

  it('never passes while a scan is missing, whatever the findings and exceptions', () => {
    const severity = fc.constantFrom<Severity>('CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN');
    const finding = fc.record({ id: fc.constantFrom('A', 'B'), severity, where: fc.string() });
    const exception = fc.record({
      id: fc.constantFrom('A', 'B'),
      reason: fc.string(),
      expires: fc.constantFrom('2026-01-01', '2027-01-01', ''),
    });
    fc.assert(
      fc.property(fc.array(finding), fc.array(severity), fc.array(exception), (findings, failOn, exceptions) => {
        expect(judgeScan([scanned(...findings), unscanned], rule({ failOn, exceptions })).verdict).not.toBe('pass');
      }),
    );
  });
});
