import { describe, expect, it } from '@jest/globals';
import { codeOfPull } from '../../domain/image-pull.ts';

const image = 'registry.test/shop/api@sha256:5034';
const resolving = (words: string) =>
  `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${words}`;
const absent = 'SLIP-K8S-1';
const away = 'SLIP-K8S-18';
const denied = 'SLIP-K8S-19';

describe('an image that cannot be pulled', () => {
  it.each([
    [resolving(`${image}: not found`), absent],
    ['manifest for registry.test/shop/api not found: manifest unknown', absent],
    ['no match for platform in manifest: not found', absent],
    [resolving('unexpected status from HEAD request to https://registry.test/v2/shop: 429 Too Many Requests'), away],
    [resolving('unexpected status from HEAD request to https://registry.test/v2/shop: 503 Service Unavailable'), away],
    ['toomanyrequests: You have reached your pull rate limit', away],
    [resolving('failed to do request: Head "https://registry.test/v2/shop": dial tcp 10.0.0.1:443: i/o timeout'), away],
    ['dial tcp: lookup registry.test on 10.96.0.10:53: no such host', away],
    ['httpReadSeeker: failed open: unexpected status code 502', away],
    [resolving('failed to authorize: failed to fetch oauth token: unexpected status: 503 Service Unavailable'), away],
    [resolving('unexpected status from HEAD request to https://registry.test/v2/shop: 403 Forbidden'), denied],
    [resolving('failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized'), denied],
    ['Head "https://1234.dkr.ecr.eu-west-1.amazonaws.com/v2/shop": no basic auth credentials', denied],
    ['pull access denied, repository does not exist or may require authorization', denied],
    ['tls: failed to verify certificate: x509: certificate signed by unknown authority', denied],
  ])('because of "%s" is %s', (words, code) => {
    expect(codeOfPull(words, false)).toBe(code);
  });

  it('is read from what is said of it, and not from its name', () => {
    expect(codeOfPull('failed to resolve reference "registry.test/forbidden/timeout": not found', false)).toBe(absent);
  });

  it('is no fault of the release when another pod runs it: what is there cannot be missing', () => {
    expect(codeOfPull(resolving('not found'), true)).toBe(away);
  });

  it.each(['Back-off pulling image', 'a word of tomorrow'])('proves nothing against the release by "%s"', (words) => {
    expect(codeOfPull(words, false)).toBe(away);
  });
});
