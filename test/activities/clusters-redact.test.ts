import { describe, expect, it } from '@jest/globals';
import { redact, redactedTail } from '../../activities/shared/redact.ts';

describe('redaction', () => {
  it.each<[string, string, string]>([
    ['a password in a URL', 'postgres://shop:geheim@db:5432/shop', 'postgres://shop:[redacted]@db:5432/shop'],
    ['a variable', 'DB_PASSWORD=geheim next', 'DB_PASSWORD=[redacted] next'],
    ['a JSON field', '{"apiKey": "geheim", "port": 1}', '{"apiKey": [redacted], "port": 1}'],
    ['a quoted value with spaces', "secret: 'ge heim' x", 'secret: [redacted] x'],
    ['a bearer header', 'Authorization: Bearer geheim1234', 'Authorization: Bearer [redacted]'],
    ['a private key', 'a\n-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nb', 'a\n[redacted]\nb'],
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

  // Were the work to grow with the square of the length, these would not end within hours.
  it.each(['a', 'password', 'password-', 'eyJaaaaaaaa-', 'a://', '://a:', 'password="', '-----BEGIN '])(
    'ends for a megabyte of `%s`',
    (word) => {
      const text = word.repeat(1_000_000 / word.length);
      expect(redact(text).length).toBeGreaterThan(0);
    },
  );

  it('leaves ordinary words alone', () => {
    const text = 'relation "account_user" does not exist at character 15\nhttp://127.0.0.1:8000/health 500';
    expect(redact(text)).toBe(text);
  });

  it('keeps the end of a text, from the beginning of a line and never from inside a character', () => {
    expect(redactedTail('first\nsecond\nthird\n', 12)).toBe('third\n');
    expect(redactedTail('short', 12)).toBe('short');
    expect(redactedTail('ééééé', 5)).toBe('éé');
  });

  it('redacts before it cuts, so that no half of a secret is left', () => {
    expect(redactedTail('password=geheimnisvoll', 5)).not.toContain('voll');
  });
});
