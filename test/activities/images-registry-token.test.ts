import { describe, expect, it } from '@jest/globals';
import { Response } from 'undici';
import type { Reach } from '../../activities/images/registry-reach.ts';
import { authorize, safeRealm } from '../../activities/images/registry-token.ts';

describe('a place that gives tokens', () => {
  it.each([
    'https://auth.docker.io/token',
    'https://registry.test/v2/token?account=bot',
    'https://203.0.113.7/token',
    'https://[2001:db8::7]/token',
    'https://localhost.example.com/token',
  ])('may be anywhere outside: %s', (realm) => {
    expect(safeRealm(realm, 'registry.test')?.href).toBe(realm);
  });

  const inside = [
    'https://localhost/token',
    'https://localhost./token',
    'https://a.localhost/token',
    'https://127.0.0.1:6443/api',
    'https://127.1/token',
    'https://2130706433/token',
    'https://0x7f.0.0.1/token',
    'https://0.0.0.0/token',
    'https://[::1]/token',
    'https://[::]/token',
    'https://[::ffff:127.0.0.1]/token',
    'https://[::ffff:a9fe:a9fe]/latest',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/token',
    'https://100.64.0.1/token',
    'https://172.16.0.1/token',
    'https://172.31.255.255/token',
    'https://192.168.1.1/token',
    'https://[fd00:ec2::254]/latest',
    'https://[fe80::1]/token',
  ];

  it.each(inside)('is not inside for a registry outside: %s', (realm) => {
    expect(safeRealm(realm, 'registry.test')).toBeUndefined();
    expect(safeRealm(realm, '203.0.113.7:5000')).toBeUndefined();
  });

  it.each(inside)('may be inside for a registry on this machine: %s', (realm) => {
    for (const host of ['localhost:5000', '127.0.0.1:5000']) expect(safeRealm(realm, host)).toBeDefined();
  });

  it('may be a registry inside itself, and nothing beside it', () => {
    expect(safeRealm('https://10.0.0.5/service/token', '10.0.0.5')).toBeDefined();
    expect(safeRealm('https://10.0.0.5/service/token', '10.0.0.5:443')).toBeDefined();
    expect(safeRealm('https://10.0.0.5:9200/', '10.0.0.5')).toBeUndefined();
    expect(safeRealm('https://10.0.0.6/service/token', '10.0.0.5')).toBeUndefined();
  });

  it.each([
    '',
    '/token',
    'http://auth.example.com/token',
    'http://127.0.0.1/token',
    'ftp://auth.example.com/token',
    'file:///etc/passwd',
    'https://bot:hunter22@auth.example.com/token',
    'https://bot@auth.example.com/token',
  ])('is nothing where others listen, and nothing that is no plain address: %s', (realm) => {
    expect(safeRealm(realm, 'registry.test')).toBeUndefined();
  });

  it.each(['https://169.254.169.254/latest', 'http://auth.example.com/token', ''])(
    'is not asked when a registry outside points to %j',
    async (realm) => {
      const image = { host: 'registry.test', repository: 'shop/core', reference: 'v1' };
      const asked: URL[] = [];
      const reach: Reach = {
        namerOf: async () => 'policy',
        ask: async (url) => (asked.push(url), new Response('{"token":"t0ken"}')),
      };
      const challenged = { actions: 'pull', login: undefined, namedBy: 'policy' as const };
      await expect(
        authorize(image, { ...challenged, challenge: `Bearer realm="${realm}",service="x"` }, reach),
      ).rejects.toMatchObject({ details: { code: 'SLIP-IMG-5' } });
      expect(asked).toEqual([]);
      const outside = 'Bearer realm="https://auth.example.com/token",service="x"';
      expect(await authorize(image, { ...challenged, challenge: outside }, reach)).toBe('Bearer t0ken');
    },
  );
});
