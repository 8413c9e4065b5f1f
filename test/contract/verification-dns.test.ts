import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createVerification } from '../../activities/verification/endpoint-verification.ts';
import type { Verification } from '../../activities/verification/port.ts';
import type { DnsEndpoint } from '../../domain/contract/release.ts';
import { aCname, anA, anAaaa, aTxt, startNameServer, type NameServer } from '../support/name-server.ts';

const { signal } = new AbortController();
const hosts = ['*.shop.test'];

describe('Verification: dns', () => {
  let server: NameServer;
  let verification: Verification;
  const asking = (timeoutMs: number) => createVerification({ timeoutMs, nameServers: [server.address] });
  beforeAll(async () => {
    server = await startNameServer({
      'A de.shop.test': [anA('203.0.113.7'), anA('203.0.113.8')],
      'A inside.shop.test': [anA('10.0.0.1')],
      'AAAA de.shop.test': [anAaaa([0x2001, 0xdb8, 0, 0, 0, 0, 0, 7])],
      'CNAME www.shop.test': [aCname('de.shop.test')],
      'TXT de.shop.test': [aTxt('other'), aTxt('v=spf1 ', '-all')],
      'CNAME de.shop.test': 'no record',
      'A sick.shop.test': 'broken',
      'A slow.shop.test': 'silence',
      'A text.shop.test': 'no record',
      'AAAA text.shop.test': 'no record',
    });
    verification = asking(60_000);
  });
  afterAll(() => server.close());

  const endpoint = (changes: Partial<DnsEndpoint> = {}): DnsEndpoint => ({
    kind: 'dns',
    name: 'entry',
    domainName: 'de.shop.test',
    type: 'A',
    successes: 1,
    timeoutMs: 1_000,
    ...changes,
  });

  // prettier-ignore
  it.each<[string, Partial<DnsEndpoint>, string]>([
    ['addresses', { oneOf: ['203.0.113.8', '203.0.113.7'] }, 'pass: A of de.shop.test is 203.0.113.7, 203.0.113.8'],
    ['other addresses', { oneOf: ['203.0.113.7'] }, 'fail: A of de.shop.test is 203.0.113.7, 203.0.113.8, and should be 203.0.113.7'],
    ['addresses of the newer kind', { type: 'AAAA', oneOf: ['2001:db8::7'] }, 'pass: AAAA of de.shop.test is 2001:db8::7'],
    ['another name', { domainName: 'www.shop.test', type: 'CNAME', oneOf: ['de.shop.test'] }, 'pass: CNAME of www.shop.test is de.shop.test'],
    ['texts, in parts', { type: 'TXT', contains: 'v=spf1 -all' }, 'pass: TXT of de.shop.test is other, v=spf1 -all'],
    ['that there are addresses inside, as nobody is sent there', { domainName: 'inside.shop.test' }, 'pass: A of inside.shop.test is an inside address'],
    ['that there is no such name', { domainName: 'nowhere.shop.test' }, 'fail: A of nowhere.shop.test is not there: no such name'],
    ['that there is no such record', { type: 'CNAME' }, 'fail: CNAME of de.shop.test is not there'],
    ['that it is not well', { domainName: 'sick.shop.test' }, 'inconclusive: A of sick.shop.test is told by no server of names: queryA ESERVFAIL sick.shop.test'],
  ])('tells %s', async (_what, wanted, says) => {
    const { name, verdict, summary } = await verification.check(endpoint(wanted), signal, hosts);
    expect(name).toBe('entry');
    expect(`${verdict}: ${summary}`).toBe(says);
  });

  it('tells addresses inside of a name that the policy has itself', async () => {
    const check = await verification.check(endpoint({ domainName: 'inside.shop.test' }), signal, ['inside.shop.test']);
    expect(check.summary).toBe('A of inside.shop.test is 10.0.0.1');
  });

  it('asks anew each time', async () => {
    const before = server.asked.length;
    await verification.check(endpoint(), signal, hosts);
    await verification.check(endpoint(), signal, hosts);
    expect(server.asked.slice(before)).toEqual(['A de.shop.test', 'A de.shop.test']);
  });

  it('cannot say where nothing comes back in time', async () => {
    expect(await asking(100).check(endpoint({ domainName: 'slow.shop.test' }), signal, hosts)).toMatchObject({
      verdict: 'inconclusive',
      summary: 'A of slow.shop.test is told by no server of names: no answer in 0.1 s',
    });
  });

  it('stops at once when told to', async () => {
    const stop = new AbortController();
    const asked = verification.check(endpoint({ domainName: 'slow.shop.test' }), stop.signal, hosts);
    stop.abort(new Error('cancelled'));
    await expect(asked).rejects.toThrow('cancelled');
  });

  it.each([
    ['shop.test', 'which the policy does not name'],
    ['de.other.test', 'which is of somebody else'],
  ])('asks nobody about %s, %s', async (domainName) => {
    const before = server.asked.length;
    const asked = verification.check(endpoint({ domainName }), signal, hosts);
    await expect(asked).rejects.toMatchObject({ details: { code: 'SLIP-VER-4', blame: 'operator' } });
    expect(server.asked.length).toBe(before);
  });

  it.each([
    ['that is not there', 'nowhere.shop.test', true],
    ['that is there', 'de.shop.test', false],
    ['that has records of another type alone', 'text.shop.test', false],
    ['of which nobody tells', 'sick.shop.test', false],
  ])('tells before anything is asked whether a name %s is unknown', async (_what, domainName, unknown) => {
    expect(await verification.isUnknown(endpoint({ domainName }), hosts)).toBe(unknown);
    expect(await verification.isUnknown(endpoint({ domainName }), [domainName])).toBe(unknown);
  });
});
