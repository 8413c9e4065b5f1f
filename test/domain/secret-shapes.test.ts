import { describe, expect, it } from '@jest/globals';
import { holdsSecret, namesSecret } from '../../domain/secret-shapes.ts';

describe('a text', () => {
  it.each([
    ['a token of GitHub', 'ghp_abcdefghijklmnopqrstuvwxyz012345', true],
    ['a token inside of an argument', '--token=glpat-abcdefghijklmnopqrst', true],
    ['a JSON web token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdef', true],
    ['a private key', '-----BEGIN EC PRIVATE KEY-----\nMHc', true],
    ['a public key', '-----BEGIN PUBLIC KEY-----\nMFk', false],
    ['an address with a password', 'postgres://app:geheim@db/shop', true],
    ['an address whose password is filled in later', 'postgres://app:$PASSWORD@db/shop', false],
    ['an address with a port', 'http://proxy.example.com:3128/a@b', false],
    ['a webhook', 'https://hooks.slack.com/services/T0/B0/x', true],
    ['a commit', '0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a', false],
    ['a word', 'production', false],
  ])('holds a secret: %s', (_, text, holds) => {
    expect(holdsSecret(text)).toBe(holds);
  });
});

describe('the name of a variable', () => {
  it.each([
    ['NPM_TOKEN', true],
    ['db_password', true],
    ['SECRET', true],
    ['AWS_SECRET_ACCESS_KEY', true],
    ['STRIPE_PUBLISHABLE_KEY', false],
    ['PUBLIC_KEY', false],
    ['KEYBOARD', false],
    ['TOKENS_PER_MINUTE', false],
    ['MONKEY', false],
  ])('says that its value is secret: %s: %s', (name, says) => {
    expect(namesSecret(name)).toBe(says);
  });
});
