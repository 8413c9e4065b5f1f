import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aRegion, type TestRegion } from './sandbox-support.ts';

describe('rights in a sandbox region', () => {
  let at: TestRegion;
  beforeEach(async () => {
    at = await aRegion();
    await at.region.createSecret('shop', 'database', { DATABASE_URL: 'very-secret' });
  });
  afterEach(() => at.stop());

  /** kubectl asks this in protobuf, which no sandbox reads. */
  async function mayI(verb: string, resource: string, more: { name?: string; subresource?: string } = {}) {
    const group = resource === 'deployments' ? 'apps' : '';
    const spec = { resourceAttributes: { namespace: 'shop', verb, group, resource, ...more } };
    const url = `${at.region.server}/apis/authorization.k8s.io/v1/selfsubjectaccessreviews`;
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ spec }) });
    return ((await answer.json()) as { status: { allowed: boolean } }).status.allowed;
  }

  it('are all there, until one is forbidden: then a request is refused, and whoever asks is told so', async () => {
    expect(await mayI('get', 'secrets')).toBe(true);
    at.region.faults.forbid({ verb: 'get', kind: 'Secret' });
    expect(await mayI('get', 'secrets')).toBe(false);
    expect(await mayI('create', 'secrets')).toBe(true);
    const refused = await at.kubectl('get', 'secret', 'database', '-n', 'shop');
    expect(refused.stderr).toContain(
      'User "slipway" cannot get resource "secrets" in API group "" in the namespace "shop"',
    );
  });

  it('may be missing for one object alone, and for a subresource alone', async () => {
    at.region.faults.forbid({ verb: 'patch', kind: 'Deployment', name: 'core' });
    at.region.faults.forbid({ verb: 'get', kind: 'Pod', subresource: 'log' });
    expect(await mayI('patch', 'deployments', { name: 'core' })).toBe(false);
    expect(await mayI('patch', 'deployments', { name: 'web' })).toBe(true);
    expect(await mayI('get', 'pods', { subresource: 'log' })).toBe(false);
    expect(await mayI('get', 'pods')).toBe(true);
  });

  it('do not have to reach what an object holds: its metadata alone is answered where that is wanted', async () => {
    const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
    const url = `${at.region.server}/api/v1/namespaces/shop/secrets/database`;
    const answer = await fetch(url, { headers: { accept } });
    expect(await answer.json()).toEqual({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: expect.objectContaining({ name: 'database' }),
    });
  });
});
