import { describe, expect, it } from '@jest/globals';
import { createRedactor } from '../../activities/shared/known-secrets.ts';

const secret = `corrëct horse/battery+"staple"'&<%s>`;
const bytes = Buffer.from(secret, 'utf8');

describe('a value that is known', () => {
  const redactor = createRedactor();
  redactor.know(secret);

  it.each<[string, string]>([
    ['as it is', secret],
    ['in hexadecimal', bytes.toString('hex')],
    ['in upper-case hexadecimal', bytes.toString('hex').toUpperCase()],
    ['for a URL', encodeURIComponent(secret)],
    ['for a URL, strictly', encodeURIComponent(secret).replaceAll("'", '%27')],
    ['for a URL, in lower case', encodeURIComponent(secret).replace(/%../g, (byte) => byte.toLowerCase())],
    ['for a form', encodeURIComponent(secret).replaceAll('%20', '+')],
    ['byte by byte for a URL', bytes.toString('hex').replace(/../g, '%$&')],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in JSON within JSON', JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1)],
    ['in JSON of ASCII alone', JSON.stringify(secret).slice(1, -1).replace('ë', '\\u00eb')],
    ['in XML', secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')],
    ['quoted for a shell', secret.replaceAll("'", `'\\''`)],
    ['reversed', [...secret].reverse().join('')],
  ])('is taken out %s', (_how, written) => {
    expect(redactor.takeOut(`before ${written} after`)).toBe('before [redacted] after');
    expect(redactor.takeOut(`${written}${written}`)).toBe('[redacted][redacted]');
  });

  it.each(['base64', 'base64url'] as const)('is taken out in %s, whatever stands before and behind', (encoding) => {
    const halves = bytes.toString(encoding).match(/.{8}/g)!;
    for (const before of ['', 'u', 'us', 'use', 'user:'])
      for (const after of ['', '1', '12', '123']) {
        const encoded = Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]).toString(encoding);
        const shown = redactor.takeOut(encoded);
        expect(shown).toContain('[redacted]');
        expect(shown.replace('[redacted]', '').length).toBeLessThanOrEqual(before.length * 2 + after.length * 2 + 2);
        for (const half of halves) expect(shown).not.toContain(half);
      }
  });

  it('leaves other texts as they are', () => {
    const text = `corrëct horse/ is no secret, nor is ${Buffer.from('something else').toString('base64')}`;
    expect(redactor.takeOut(text)).toBe(text);
  });
});

describe('a redactor', () => {
  it('knows each long line of a secret of several lines, also in base64', () => {
    const redactor = createRedactor();
    const line = (n: number) => `line-${n}-of-a-key-that-is-long`;
    redactor.know([line(1), line(2), '}'].join('\n'));
    expect(redactor.takeOut(`a ${line(2)} } ${Buffer.from(line(1)).toString('hex')}`)).toBe(
      'a [redacted] } [redacted]',
    );
  });

  it('knows a long secret in base64 that was wrapped into lines', () => {
    const redactor = createRedactor();
    const long = 'abcdefghijklmnop0123456789'.repeat(8);
    redactor.know(long);
    const lines = Buffer.from(long)
      .toString('base64')
      .match(/.{1,76}/g)!;
    for (const line of lines) expect(redactor.takeOut(line)).toMatch(/^\[redacted\]={0,2}$/);
  });

  it('knows the path of a webhook without its host', () => {
    const redactor = createRedactor();
    redactor.know('https://chat.example/hooks/T0123/B4567');
    expect(redactor.takeOut('POST /hooks/T0123/B4567 failed')).toBe('POST [redacted] failed');
  });

  it('knows the password in a URL without the URL', () => {
    const redactor = createRedactor();
    redactor.know('postgres://slipway:p%40ssphrase@db:5432/slipway');
    expect(redactor.takeOut('slipway with p@ssphrase, p%40ssphrase')).toBe('slipway with [redacted], [redacted]');
  });

  it('takes the longest of several, and none that is in every text', () => {
    const redactor = createRedactor();
    for (const value of ['', 'a', 'the', 'secret', 'secret-and-more']) redactor.know(value);
    expect(redactor.takeOut('the secret-and-more is a secret')).toBe('the [redacted] is a [redacted]');
  });

  it('knows the newest values of very many', () => {
    const redactor = createRedactor();
    for (let n = 0; n < 1_000; n += 1) redactor.know(`value-number-${n}-`);
    expect(redactor.takeOut('value-number-999-')).toBe('[redacted]');
  });
});
