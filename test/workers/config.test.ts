import { describe, expect, it } from '@jest/globals';
import { configProblems, readConfig } from '../../temporal.config.ts';

const needed = { SLIPWAY_RECORDS_URL: 'env:URL', SLIPWAY_POLICY_FILE: '/policy', SLIPWAY_PUBLIC_KEYS: '/keys' };

const login = { SLIPWAY_OIDC_ISSUER: 'https://login.test', SLIPWAY_OIDC_CLIENT_ID: 'slipway' };

describe('the configuration', () => {
  it.each<[string, Record<string, string>, object | undefined]>([
    ['nothing is said', {}, undefined],
    ['it is asked for', { SLIPWAY_TEMPORAL_TLS: 'true' }, {}],
    ['there is an API key', { SLIPWAY_TEMPORAL_API_KEY: 'env:KEY' }, {}],
    ['there is an authority', { SLIPWAY_TEMPORAL_TLS_CA: '/ca' }, { caFile: '/ca' }],
    [
      'there is a certificate',
      { SLIPWAY_TEMPORAL_TLS_CERT: '/c', SLIPWAY_TEMPORAL_TLS_KEY: '/k' },
      { certFile: '/c', keyFile: '/k' },
    ],
    ['it is said to be off', { SLIPWAY_TEMPORAL_TLS: 'false' }, undefined],
  ])('encrypts the connection to Temporal, or not, when %s', (_when, variables, tls) => {
    expect(readConfig({ ...needed, ...variables }).temporal.tls).toEqual(tls);
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ SLIPWAY_TEMPORAL_API_KEY: 'the-key-itself' }, /SLIPWAY_TEMPORAL_API_KEY must be a reference/],
    [{ SLIPWAY_TEMPORAL_API_KEY: 'env:KEY', SLIPWAY_TEMPORAL_TLS: 'false' }, /SLIPWAY_TEMPORAL_TLS cannot be false/],
    [{ SLIPWAY_TEMPORAL_TLS_CA: '/ca', SLIPWAY_TEMPORAL_TLS: 'false' }, /SLIPWAY_TEMPORAL_TLS cannot be false/],
    [{ SLIPWAY_TEMPORAL_TLS: 'yes' }, /SLIPWAY_TEMPORAL_TLS must be true or false/],
    [{ SLIPWAY_TEMPORAL_TLS_CERT: '/c' }, /SLIPWAY_TEMPORAL_TLS_KEY is needed/],
    [{ SLIPWAY_TEMPORAL_TLS_KEY: '/k' }, /SLIPWAY_TEMPORAL_TLS_CERT is needed/],
    [{ SLIPWAY_METRICS: '9464' }, /SLIPWAY_METRICS must be host:port/],
    [{ SLIPWAY_MAX_WATCHES: '0' }, /SLIPWAY_MAX_WATCHES must be at least 1/],
    [{ SLIPWAY_MAX_ROLLBACKS: 'many' }, /SLIPWAY_MAX_ROLLBACKS must be a number/],
    [{ SLIPWAY_MAX_BUILDS: '1.5' }, /SLIPWAY_MAX_BUILDS must be a whole number/],
    [{ SLIPWAY_PUBLIC_URL: 'https://slipway.example.com' }, /SLIPWAY_OIDC_ISSUER is needed beside the public URL/],
    ...['https://slipway.example.com/', 'https://slipway.example.com/a', 'http://slipway.example.com', 'slipway'].map(
      (url): [Record<string, string>, RegExp] => [
        { ...login, SLIPWAY_PUBLIC_URL: url },
        /SLIPWAY_PUBLIC_URL must be an https URL without a path/,
      ],
    ),
    [{ ...login, SLIPWAY_OIDC_BROWSER_CLIENT_ID: 'browser' }, /SLIPWAY_PUBLIC_URL is needed/],
    [
      { ...login, SLIPWAY_PUBLIC_URL: 'https://a.test', SLIPWAY_OIDC_BROWSER_SECRET: 'env:SECRET' },
      /SLIPWAY_OIDC_BROWSER_CLIENT_ID is needed beside the secret/,
    ],
    [{ SLIPWAY_OIDC_BROWSER_SECRET: 'the-secret-itself' }, /SLIPWAY_OIDC_BROWSER_SECRET must be a reference/],
    [{ SLIPWAY_KEEP_MESSAGES: '23h' }, /SLIPWAY_KEEP_MESSAGES must be a day at least/],
    [{ SLIPWAY_KEEP_MESSAGES: 'for ever' }, /SLIPWAY_KEEP_MESSAGES must be a duration/],
    [{ SLIPWAY_BUILD_DRAIN: '10 minutes' }, /SLIPWAY_BUILD_DRAIN must be a duration/],
  ])('refuses %p', (variables, words) => {
    expect(() => readConfig({ ...needed, ...variables })).toThrow(words);
  });

  it('says of a variable that is wrong what is wrong with it, and not that it is needed as well', () => {
    const signing = { SLIPWAY_SLACK_SIGNING_SECRET: 'env:SIGNING' };
    expect(configProblems({ ...needed, ...signing, SLIPWAY_SLACK_BOT_TOKEN: 'xoxb-itself' })).toEqual([
      { variable: 'SLIPWAY_SLACK_BOT_TOKEN', says: expect.stringContaining('must be a reference') },
    ]);
    expect(configProblems({ ...needed, ...signing })).toEqual([
      { variable: 'SLIPWAY_SLACK_BOT_TOKEN', says: 'is needed beside the signing secret' },
    ]);
  });

  it.each([
    ['the client of `slipway login`', {}, { clientId: 'slipway' }],
    [
      'a client of their own, with a secret',
      { SLIPWAY_OIDC_BROWSER_CLIENT_ID: 'browser', SLIPWAY_OIDC_BROWSER_SECRET: 'file:/secret' },
      { clientId: 'browser', secret: 'file:/secret' },
    ],
  ])('lets browsers log in where the public URL is said, as %s', (_, variables, browser) => {
    for (const origin of ['https://slipway.example.com', 'http://localhost:7777', 'http://127.0.0.1:7777'])
      expect(readConfig({ ...needed, ...login, SLIPWAY_PUBLIC_URL: origin, ...variables }).gateway.browser).toEqual({
        origin,
        ...browser,
      });
    expect(readConfig({ ...needed, ...login }).gateway.browser).toBeUndefined();
  });

  it('never repeats a key that stands where a reference belongs', () => {
    const key = 'a-very-secret-key';
    const read = () => readConfig({ ...needed, SLIPWAY_TEMPORAL_API_KEY: key });
    expect(read).toThrow(/^(?!.*a-very-secret-key)/s);
  });
});
