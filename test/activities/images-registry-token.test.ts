import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createRegistry } from '../../activities/images/registry.ts';
import { safeRealm } from '../../activities/images/registry-token.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

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

  it('is not asked when a registry outside points inside', async () => {
    const challenge = 'Bearer realm="https://169.254.169.254/latest",service="x"';
    const asked = jest
      .spyOn(globalThis, 'fetch')
      .mockResolvedValue(new Response('', { status: 401, headers: { 'www-authenticate': challenge } }));
    await expect(createRegistry().resolve('registry.test/shop/core:v1')).rejects.toMatchObject({
      details: { code: 'SLIP-IMG-5' },
    });
    expect(asked.mock.calls.map(([url]) => url)).toEqual(['https://registry.test/v2/shop/core/manifests/v1']);
  });
});
