import { describe, expect, it } from '@jest/globals';
import { redact, redactedHead, redactedTail } from '../../activities/shared/redact.ts';

describe('redaction', () => {
  it.each<[string, string, string]>([
    ['a password in a URL', 'postgres://shop:geheim@db:5432/shop', 'postgres://shop:[redacted]@db:5432/shop'],
    ['a variable', 'DB_PASSWORD=geheim next', 'DB_PASSWORD=[redacted] next'],
    ['a JSON field', '{"apiKey": "geheim", "port": 1}', '{"apiKey": [redacted], "port": 1}'],
    ['a quoted value with spaces', "secret: 'ge heim' x", 'secret: [redacted] x'],
    ['a bearer header', 'Authorization: Bearer geheim1234', 'Authorization: Bearer [redacted]'],
    [
      'a private key',
      'a\n-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nb',
      'a\n[private key]\nb',
    ],
    ['an AWS key id', 'key AKIAABCDEFGHIJKLMNOP used', 'key [redacted] used'],
    ['an EKS token', 'k8s-aws-v1.aHR0cHM6Ly9', '[redacted]'],
    ['a GitHub token', `ghp_${'a'.repeat(36)}`, '[redacted]'],
    ['a web token', 'got eyJhbGciOiJub25l.eyJzdWIiOiJ4In0.c2ln here', 'got [redacted] here'],
    [
      'a variable with a long name',
      `${'a'.repeat(300)}_TOKEN_${'b'.repeat(60)}=geheim`,
      `${'a'.repeat(300)}_TOKEN_${'b'.repeat(60)}=[redacted]`,
    ],
    ['a signed URL', 'https://x/?X-Amz-Signature=abc&y=1', 'https://x/?X-Amz-Signature=[redacted]&y=1'],
  ])('takes out %s', (_name, text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  it.each([
    ['Authorization: token geheim22', 'Authorization: token [redacted]'],
    ['Authorization: Basic geheim22', 'Authorization: Basic [redacted]'],
    ['{\\"password\\":\\"geheim\\",\\"port\\":1}', '{\\"password\\":[redacted],\\"port\\":1}'],
    ['{"password": "ge\\"heim", "port": 1}', '{"password": [redacted], "port": 1}'],
    ['password="geheim and no end', 'password=[redacted]'],
    ['redis://:p@geheim@cache:6379', 'redis://:[redacted]@cache:6379'],
    ['to https://hooks.slack.com/services/T0/B0/geheim now', 'to https://hooks.slack.com/[redacted] now'],
    [`glpat-${'a'.repeat(20)} npm_${'b'.repeat(36)}`, '[redacted] [redacted]'],
  ])('takes the secret out of %s', (text, clean) => expect(redact(text)).toBe(clean));

  it('leaves ordinary words alone', () => {
    const text = 'relation "account_user" does not exist at character 15\nhttp://127.0.0.1:8000/health 500';
    expect(redact(text)).toBe(text);
  });

  it.each([
    'Step 3/4 : COPY tokenizer /',
    'sha256:0123456789abcdef',
    'https://example.invalid/a?b=c',
    'user@example.invalid',
  ])('leaves %j as it is', (text) => expect(redact(text)).toBe(text));

  it('keeps the end of a text, from the beginning of a line and never from inside a character', () => {
    expect(redactedTail('first\nsecond\nthird\n', 12)).toBe('third\n');
    expect(redactedTail('short', 12)).toBe('short');
    expect(redactedTail('ééééé', 5)).toBe('éé');
  });

  it('redacts before it cuts, so that no half of a secret is left', () => {
    expect(redactedTail('password=geheimnisvoll', 5)).not.toContain('voll');
  });

  describe('cuts first, so that it reads no more than it shows, and', () => {
    const filling = 'some words that nobody minds\n'.repeat(4_000);
    const secrets = [
      'postgres://shop:geheimnis@db/shop',
      'token: geheimnis',
      `eyJ${'a'.repeat(20)}.geheimnis.geheimnis`,
    ];
    const lengths = Array.from({ length: 60 }, (_, n) => 980 + n);

    it.each(secrets)('leaves no half of %s, wherever it cuts', (secret) => {
      for (const length of lengths) {
        expect(redactedTail(`${filling}${secret}${'.'.repeat(1_000)}`, length)).not.toMatch(/heim|nis/);
        expect(redactedTail(`${filling}${secret} ${'x '.repeat(8_688)}`, length)).not.toMatch(/heim|nis/);
        expect(redactedHead(`${'y'.repeat(1_000)} ${secret} ${filling}`, length)).not.toMatch(/gehe|heim/);
        expect(redactedHead(`${'y '.repeat(8_670)}${secret} ${filling}`, length)).not.toMatch(/gehe|heim/);
      }
    });

    it('knows the rest of a private key whose beginning it has cut off', () => {
      const body = 'geheimnisgeheimnisgeheimnis\n'.repeat(1_500);
      const key = `-----BEGIN RSA PRIVATE KEY-----\n${body}-----END RSA PRIVATE KEY-----\nlast words`;
      expect(redactedTail(`${filling}${key}`, 20_000)).toBe('[private key]\nlast words');
    });

    it('says how long a word is that does not end', () => {
      expect(redactedTail('a'.repeat(100_000), 100)).toBe('(100000 characters without a space)');
      expect(redactedHead('a'.repeat(100_000), 100)).toBe('(100000 characters without a space)');
    });
  });
});
