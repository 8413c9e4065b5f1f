import { describe, expect, it } from '@jest/globals';
import { healthRequest, servingStatus } from '../../activities/verification/health-message.ts';
import { judgeCertificate, type ShownChain } from '../../activities/verification/judge-certificate.ts';
import { judgeDns, type DnsRecords } from '../../activities/verification/judge-dns.ts';
import { judgeGraphql } from '../../activities/verification/judge-graphql.ts';
import { judgeGrpc, type GrpcAnswer } from '../../activities/verification/judge-grpc.ts';
import { judgeHttp } from '../../activities/verification/judge-http.ts';
import type { DnsEndpoint, GraphqlEndpoint, HttpEndpoint } from '../../domain/contract/release.ts';

/** What an answer is worth, and in which words. */

const patience = { name: 'one', successes: 1, timeoutMs: 1_000 };
const said = ({ verdict, summary }: { verdict: string; summary: string }) => `${verdict}: ${summary}`;

describe('an answer to http', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  // prettier-ignore
  it.each<[string, Partial<HttpEndpoint>, [headers: Record<string, string>, body: string], string]>([
    ['a header', { headers: { 'X-Version': '1.2' } }, [{ 'x-version': '1.2' }, ''], 'pass: answered 200'],
    ['another header', { headers: { 'x-version': '1.2' } }, [{ 'x-version': '1.1' }, ''], 'fail: answered 200, but the header x-version is "1.1" instead of "1.2"'],
    ['no header', { headers: { 'x-version': '1.2' } }, [{}, ''], 'fail: answered 200, but the header x-version is missing instead of "1.2"'],
    ['a part of a header', { headers: { 'content-type': { contains: 'json' } } }, [{ 'content-type': 'application/json' }, ''], 'pass: answered 200'],
    ['without the part', { headers: { 'content-type': { contains: 'json' } } }, [{ 'content-type': 'text/html' }, ''], 'fail: answered 200, but the header content-type is "text/html", and should contain "json"'],
    ['a part of no header', { headers: { age: { contains: '1' } } }, [{}, ''], 'fail: answered 200, but the header age is missing, and should contain "1"'],
    ['one header that is right, and one that is not', { headers: { a: '1', b: '2' } }, [{ a: '1', b: '1' }, ''], 'fail: answered 200, but the header b is "1" instead of "2"'],
    ['a cookie, which is nobody else\'s', { headers: { 'set-cookie': 'a' } }, [{ 'set-cookie': 'sid=4711' }, ''], 'fail: answered 200, but the header set-cookie is another value instead of "a"'],
    ['values', { json: { 'db.ready': true, n: 1, 'list.1.a-b': 'x' } }, [{}, '{"db":{"ready":true},"n":1,"list":[0,{"a-b":"x"}]}'], 'pass: answered 200'],
    ['another value', { json: { 'db.ready': true } }, [{}, '{"db":{"ready":false}}'], 'fail: answered 200, but db.ready is false instead of true'],
    ['a text for a number', { json: { n: 1 } }, [{}, '{"n":"1"}'], 'fail: answered 200, but n is "1" instead of 1'],
    ['no value', { json: { 'a.b': 1 } }, [{}, '{"a":[]}'], 'fail: answered 200, but a.b is missing instead of 1'],
    ['nothing', { json: { a: 'x' } }, [{}, '{"a":null}'], 'fail: answered 200, but a is null instead of "x"'],
    ['what every object has', { json: { 'constructor.name': 'Object' } }, [{}, '{}'], 'fail: answered 200, but constructor.name is missing instead of "Object"'],
    ['an entry of a list', { json: { '0.ok': true } }, [{}, '[{"ok":true}]'], 'pass: answered 200'],
    ['an object', { json: { a: 1 } }, [{}, '{"a":{"b":1}}'], 'fail: answered 200, but a is an object instead of 1'],
    ['what is nested deeper than a stack', { json: { a: 1 } }, [{}, `{"a":${deep}}`], 'fail: answered 200, but a is a list instead of 1'],
    ['a page', { json: { a: 1 } }, [{}, '<html>'], 'fail: answered 200, but the body is not JSON'],
    ['a value that is called a secret', { json: { 'session.accessToken': 'x' } }, [{}, '{"session":{"accessToken":"4711"}}'], 'fail: answered 200, but session.accessToken is another value instead of "x"'],
    ['text and values', { contains: 'up', json: { a: 1 } }, [{}, '{"a":1}'], 'fail: answered 200, but the body does not contain "up"'],
  ])('with %s', (_what, wanted, [headers, body], verdict) => {
    const endpoint: HttpEndpoint = { kind: 'http', url: 'http://shop.test/', status: 200, ...patience, ...wanted };
    expect(said(judgeHttp(endpoint, { status: 200, headers: new Headers(headers), body, cut: false, isInside: false }))).toBe(verdict);
  });

  // prettier-ignore
  it.each<[string, Partial<HttpEndpoint>, string]>([
    ['a text', { json: { 'db.name': 'x' } }, 'fail: answered 200, but db.name is another value instead of "x"'],
    ['yes or no', { json: { 'db.ready': true } }, 'fail: answered 200, but db.ready is another value instead of true'],
    ['an object', { json: { db: 1 } }, 'fail: answered 200, but db is another value instead of 1'],
    ['nothing', { json: { 'db.port': 1 } }, 'fail: answered 200, but db.port is missing instead of 1'],
    ['a header', { headers: { 'x-node': 'x' } }, 'fail: answered 200, but the header x-node is another value instead of "x"'],
    ['a part of a header', { headers: { 'x-node': { contains: 'x' } } }, 'fail: answered 200, but the header x-node is another value, and should contain "x"'],
    ['a value that is right', { json: { 'db.name': 'shop' }, headers: { 'x-node': 'n1' } }, 'pass: answered 200'],
  ])('of an address inside tells of %s that it is another, and not which', (_what, wanted, verdict) => {
    const answer = { status: 200, headers: new Headers({ 'x-node': 'n1' }), body: '{"db":{"name":"shop","ready":false}}', cut: false, isInside: true };
    expect(said(judgeHttp({ kind: 'http', url: 'http://shop.test/', status: 200, ...patience, ...wanted }, answer))).toBe(verdict);
  });

  it('is not read as JSON when it is too long to be whole', () => {
    const endpoint: HttpEndpoint = { kind: 'http', url: 'http://s/', status: 200, json: { a: 1 }, ...patience };
    const answer = { status: 200, headers: new Headers(), body: '{"a":1}', cut: true, isInside: false };
    expect(said(judgeHttp(endpoint, answer))).toBe(
      'fail: answered 200, but the body has more than 256 KB, too much to be read as JSON',
    );
  });
});

describe('an answer to graphql', () => {
  it.each([
    ['outside', false, '"Other"'],
    ['inside', true, 'another value'],
  ])('from an address %s (%s) tells of another value %s', (_where, isInside, told) => {
    const endpoint: GraphqlEndpoint = {
      kind: 'graphql',
      url: 'http://s/',
      query: '{ shop { name } }',
      expect: { 'shop.name': 'Shop' },
      ...patience,
    };
    const body = '{"data":{"shop":{"name":"Other"}}}';
    const answer = { status: 200, headers: new Headers(), body, cut: false, isInside };
    expect(said(judgeGraphql(endpoint, answer))).toBe(`fail: shop.name is ${told} instead of "Shop"`);
  });
});

describe('an answer to grpc', () => {
  const message = (...bytes: number[]) => Buffer.from([0, 0, 0, 0, bytes.length, ...bytes]);
  // prettier-ignore
  it.each<[string, Partial<GrpcAnswer>, string]>([
    ['serving', { status: '0', body: message(8, 1) }, 'pass: answered SERVING'],
    ['not serving', { status: '0', body: message(8, 2) }, 'fail: answered NOT_SERVING instead of SERVING'],
    ['the default, which is not sent', { status: '0', body: message() }, 'fail: answered UNKNOWN instead of SERVING'],
    ['an unknown service', { status: '0', body: message(8, 3) }, 'fail: answered SERVICE_UNKNOWN instead of SERVING'],
    ['a status of later', { status: '0', body: message(8, 9) }, 'fail: answered status 9 instead of SERVING'],
    ['fields of later', { status: '0', body: message(0x12, 2, 65, 65, 8, 1, 0x1d, 0, 0, 0, 0) }, 'pass: answered SERVING'],
    ['half a message', { status: '0', body: message(8, 1).subarray(0, 6) }, 'fail: answered OK, but not with the status of a health check'],
    ['half a number', { status: '0', body: message(8, 0x81) }, 'fail: answered OK, but not with the status of a health check'],
    ['what is compressed', { status: '0', body: Buffer.from([1, 0, 0, 0, 2, 8, 1]) }, 'fail: answered OK, but not with the status of a health check'],
    ['no message', { status: '0' }, 'fail: answered OK, but not with the status of a health check'],
    ['an error', { status: '5', message: 'no such service' }, 'fail: answered NOT_FOUND: no such service'],
    ['an error in other letters', { status: '14', message: 'kein%20Gl%C3%BCck' }, 'fail: answered UNAVAILABLE: kein Glück'],
    ['an error that is badly written', { status: '14', message: '100%' }, 'fail: answered UNAVAILABLE: 100%'],
    ['an error without words', { status: '12' }, 'fail: answered UNIMPLEMENTED'],
    ['an error that nobody knows', { status: '99' }, 'fail: answered the gRPC status 99'],
    ['no gRPC', { httpStatus: 503 }, 'fail: answered HTTP 503 without a gRPC status'],
    ['more than anybody reads', { status: '0', cut: true }, 'fail: answered with more than 64 KB'],
  ])('that is %s', (_what, answer, verdict) => {
    expect(said(judgeGrpc({ httpStatus: 200, body: Buffer.alloc(0), cut: false, ...answer }))).toBe(verdict);
  });

  it.each(['', 'shop.v1.Prices', 'x'.repeat(300), 'ü'])('asks for %j in the form of the protocol', (service) => {
    const request = healthRequest(service);
    const name = Buffer.from(service);
    const length = name.length < 128 ? [name.length] : [(name.length % 128) + 128, Math.floor(name.length / 128)];
    const field = service === '' ? [] : [10, ...length, ...name];
    expect([...request]).toEqual([0, 0, 0, Math.floor(field.length / 256), field.length % 256, ...field]);
    expect(servingStatus(request)).toBe('UNKNOWN'); // a message as well, with another kind of field
  });
});

describe('an answer to dns', () => {
  const many = Array.from({ length: 7 }, (_, n) => `192.0.2.${n}`);
  // prettier-ignore
  it.each<[string, Partial<DnsEndpoint>, DnsRecords, string]>([
    ['anything', {}, ['192.0.2.1'], 'pass: is 192.0.2.1'],
    ['one of those', { oneOf: ['192.0.2.2', '192.0.2.1'] }, ['192.0.2.1'], 'pass: is 192.0.2.1'],
    ['several, all of them right', { oneOf: ['192.0.2.2', '192.0.2.1'] }, ['192.0.2.1', '192.0.2.2'], 'pass: is 192.0.2.1, 192.0.2.2'],
    ['several, one of them wrong', { oneOf: ['192.0.2.1'] }, ['192.0.2.1', '192.0.2.9'], 'fail: is 192.0.2.1, 192.0.2.9, and should be 192.0.2.1'],
    ['another', { oneOf: ['192.0.2.2', '192.0.2.1'] }, ['192.0.2.9'], 'fail: is 192.0.2.9, and should be one of 192.0.2.2, 192.0.2.1'],
    ['an address in another form', { type: 'AAAA', oneOf: ['2001:DB8:0::7'] }, ['2001:db8::7'], 'pass: is 2001:db8::7'],
    ['a name in another form', { type: 'CNAME', oneOf: ['De.Shop.test.'] }, ['de.shop.test'], 'pass: is de.shop.test'],
    ['another name', { type: 'CNAME', oneOf: ['de.shop.test'] }, ['nl.shop.test'], 'fail: is nl.shop.test, and should be de.shop.test'],
    ['the text', { type: 'TXT', contains: 'v=spf1' }, ['other', 'v=spf1 -all'], 'pass: is other, v=spf1 -all'],
    ['another text', { type: 'TXT', contains: 'v=spf1' }, ['other'], 'fail: is other, without "v=spf1"'],
    ['no such name', { oneOf: ['192.0.2.1'] }, { none: 'name' }, 'fail: is not there: no such name'],
    ['no such record', {}, { none: 'record' }, 'fail: is not there'],
    ['many', {}, many, 'pass: is 192.0.2.0, 192.0.2.1, 192.0.2.2, 192.0.2.3, 192.0.2.4 and 2 more'],
    ['a long text', { type: 'TXT' }, ['x'.repeat(5_000)], `pass: is ${'x'.repeat(80)}…`],
  ])('that is %s', (_what, wanted, records, verdict) => {
    const endpoint: DnsEndpoint = { kind: 'dns', domainName: 'shop.test', type: 'A', ...patience, ...wanted };
    expect(said(judgeDns(endpoint, records, { isNamed: false }))).toBe(verdict);
  });

  // prettier-ignore
  it.each<[string, Partial<DnsEndpoint>, string[], string]>([
    ['one', {}, ['10.0.0.1'], 'pass: is an inside address'],
    ['one beside another', {}, ['192.0.2.1', '10.0.0.1'], 'pass: is 192.0.2.1, an inside address'],
    ['one of this machine', {}, ['127.0.0.1'], 'pass: is an inside address'],
    ['one of the newer kind', { type: 'AAAA' }, ['fd12::1'], 'pass: is an inside address'],
    ['one as a text', { type: 'TXT' }, ['10.0.0.1'], 'pass: is an inside address'],
    ['one that should be another', { oneOf: ['10.0.0.2'] }, ['10.0.0.1'], 'fail: is an inside address, and should be 10.0.0.2'],
    ['one without a text', { contains: '10.0.1' }, ['10.0.0.1'], 'fail: is an inside address, without "10.0.1"'],
    ['one that is right', { oneOf: ['10.0.0.1'] }, ['10.0.0.1'], 'pass: is an inside address'],
  ])('of a name that the policy does not have itself tells no address inside: %s', (_what, wanted, records, verdict) => {
    const endpoint: DnsEndpoint = { kind: 'dns', domainName: 'shop.test', type: 'A', ...patience, ...wanted };
    expect(said(judgeDns(endpoint, records, { isNamed: false }))).toBe(verdict);
    expect(judgeDns(endpoint, records, { isNamed: true }).summary).toContain(records.at(-1));
  });
});

describe('a certificate', () => {
  const [day, now] = [86_400_000, Date.UTC(2026, 0, 1)];
  const own = (days: number) => ({ of: 'shop.test', validTo: now + days * day });
  const issuer = (days: number) => ({ of: 'Issuing CA', validTo: now + days * day });
  // prettier-ignore
  it.each<[string, ShownChain, string]>([
    ['lasts', { certificates: [own(30)] }, 'pass: shows a certificate that is valid until 2026-01-31T00:00:00.000Z'],
    ['lasts just long enough', { certificates: [own(14)] }, 'pass: shows a certificate that is valid until 2026-01-15T00:00:00.000Z'],
    ['ends soon', { certificates: [own(13.9)] }, 'fail: shows a certificate that is valid until 2026-01-14T21:36:00.000Z, which is in 13 days and should be in 14 days at least'],
    ['ends very soon', { certificates: [own(0.1)] }, 'fail: shows a certificate that is valid until 2026-01-01T02:24:00.000Z, which is in 2 h and should be in 14 days at least'],
    ['lasts longer than its issuer', { certificates: [own(30), issuer(2)] }, 'fail: shows a certificate whose issuer, Issuing CA, is valid until 2026-01-03T00:00:00.000Z, which is in 2 days and should be in 14 days at least'],
    ['ends before its issuer', { certificates: [own(20), issuer(90)] }, 'pass: shows a certificate that is valid until 2026-01-21T00:00:00.000Z'],
    ['is not trusted', { problem: 'it has signed itself', certificates: [] }, 'fail: shows a certificate that is not valid: it has signed itself'],
  ])('that %s', (_what, chain, verdict) => {
    const endpoint = { kind: 'certificate', host: 'shop.test', port: 443, validForMs: 14 * day, ...patience } as const;
    expect(said(judgeCertificate(endpoint, chain, now))).toBe(verdict);
  });
});
