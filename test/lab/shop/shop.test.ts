import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { shopBehaviour } from '../../../lab/shop/behaviour.ts';
import { allowedService } from '../../../lab/policy-file.ts';
import { makeShopRepository } from '../../../lab/shop/make-repository.ts';
import type { ShopRepository } from '../../../lab/shop/make-repository.ts';
import { runShopMigration } from '../../../lab/shop/migrate.ts';
import { shopComponents } from '../../../lab/shop/pipeline-file.ts';
import { loadPipeline, loadPolicy, resolveRelease } from '../../../pipeline/index.ts';
import { usePostgres } from '../../support/postgres.ts';

const policyText = `
clusters:
  de-cluster: { kind: kubeconfig, file: /tmp/de.kubeconfig }
  nl-cluster: { kind: kubeconfig, file: /tmp/nl.kubeconfig }
services:
  shop:
    repository: /srv/shop
    environments:
      production: ${JSON.stringify(allowedService('/srv/shop', 'main', 'shop').environments.production)}
environments:
  production:
    clusters: [de-cluster, nl-cluster]
    registry: 127.0.0.1:5000
    approval: { required: true, groups: [sre] }
`;

describe('the sample shop', () => {
  const postgres = usePostgres();
  let directory: string;
  let shop: ShopRepository;

  const aShop = (name: string) =>
    makeShopRepository({
      directory: join(directory, name),
      base: '127.0.0.1:5000/lab/busybox:1',
      regions: [
        {
          name: 'de',
          cluster: 'de-cluster',
          urls: { core: 'http://127.0.0.1:8080', storefront: 'http://127.0.0.1:8081' },
        },
        { name: 'nl', cluster: 'nl-cluster', urls: { storefront: 'http://127.0.0.1:8082' } },
      ],
    });
  const git = async (...args: string[]) => (await execa('git', ['-C', shop.path, ...args])).stdout;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-shop-'));
    shop = await aShop('one');
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('is three commits on main, the same ones each time', async () => {
    const { first, second, broken } = shop.commits;
    expect((await git('rev-list', 'main')).split('\n')).toEqual([broken, second, first]);
    expect((await aShop('two')).commits).toEqual(shop.commits);
  });

  it('refuses a directory in which something is', async () => {
    await expect(aShop('one')).rejects.toThrow('is not empty');
  });

  it.each([
    ['the second release core, with a migration, and the storefront', 'first', 'second', ['core', 'storefront']],
    ['the broken release the storefront alone', 'second', 'broken', ['storefront']],
  ] as const)('changes in %s', async (_name, from, to, components) => {
    const paths = (await git('diff', '--name-only', shop.commits[from], shop.commits[to])).split('\n');
    expect([...new Set(paths.map((path) => path.split('/')[0]))]).toEqual(components);
    expect(paths.includes('core/migrations/0002_product_weight.sql')).toBe(to === 'second');
  });

  it('has a slipway.yaml that is accepted, with the first region before the others', async () => {
    const pipeline = loadPipeline(await git('show', `${shop.commits.first}:slipway.yaml`), 'slipway.yaml');
    const policy = loadPolicy(policyText, 'policy.yaml');
    if (!pipeline.ok || !policy.ok) throw new Error(JSON.stringify([pipeline, policy]));
    const resolved = resolveRelease({
      pipeline: pipeline.pipeline,
      policy: policy.policy,
      branch: 'main',
      repository: '/srv/shop',
      now: 0,
    });
    if (!resolved.ok) throw new Error(JSON.stringify(resolved));
    expect(resolved.spec.waves.map(({ regions }) => regions)).toEqual([['de'], ['nl']]);
    expect(resolved.spec.components.map(({ name }) => name)).toEqual(shopComponents);
  });

  it.each([
    ['first', 'de', 'runs'],
    ['first', 'nl', 'runs'],
    ['second', 'nl', 'runs'],
    ['broken', 'de', 'runs'],
    ['broken', 'nl', 'crashes'],
  ] as const)('has a storefront that, in the %s release in region %s, %s', async (release, region, kind) => {
    const at = { repository: shop.path, commit: shop.commits[release], component: 'storefront', region } as const;
    expect(await shopBehaviour(at)).toMatchObject({ kind });
  });

  it('says why the broken storefront does not start, as its start script does', async () => {
    const at = { repository: shop.path, commit: shop.commits.broken, component: 'storefront', region: 'nl' } as const;
    expect(await shopBehaviour(at)).toMatchObject({ log: 'storefront: region nl has no CHECKOUT_URL\n' });
    const script = (await git('show', `${shop.commits.broken}:storefront/start.sh`)).replaceAll(
      '/srv/',
      `${shop.path}/storefront/regions/`,
    );
    const started = await execa('sh', ['-c', script], { env: { REGION: 'nl' }, reject: false });
    expect(started).toMatchObject({ exitCode: 1, stderr: 'storefront: region nl has no CHECKOUT_URL' });
  });

  it('answers for its health as the real image does', async () => {
    const behaviour = await shopBehaviour({
      repository: shop.path,
      commit: shop.commits.second,
      component: 'core',
      region: 'de',
    });
    if (behaviour.kind !== 'runs' || !behaviour.answer) throw new Error('core runs');
    expect(await behaviour.answer({ method: 'GET', path: '/health/', body: '' })).toMatchObject({
      status: 200,
      body: 'ok: core 2\n',
    });
    expect(await behaviour.answer({ method: 'GET', path: '/nowhere', body: '' })).toMatchObject({ status: 404 });
  });

  describe('migrating its database', () => {
    const migrate = (databaseUrl: string | undefined, release: keyof ShopRepository['commits'], purpose: string) =>
      runShopMigration({
        repository: shop.path,
        commit: shop.commits[release],
        purpose,
        databaseUrl,
        signal: new AbortController().signal,
      });

    it('plans what is pending, applies it once and verifies it', async () => {
      const url = await postgres.freshDatabase();
      expect(await migrate(url, 'first', 'plan')).toEqual({
        exitCode: 0,
        log: '{"pending":["0001_products"],"contracting":[]}\n',
      });
      expect(await migrate(url, 'first', 'apply')).toEqual({ exitCode: 0, log: 'applied 0001_products\n' });
      expect((await migrate(url, 'second', 'verify')).exitCode).toBe(1);
      expect(await migrate(url, 'second', 'apply')).toEqual({ exitCode: 0, log: 'applied 0002_product_weight\n' });
      expect(await migrate(url, 'second', 'apply')).toEqual({ exitCode: 0, log: 'nothing to apply\n' });
      expect((await migrate(url, 'second', 'verify')).exitCode).toBe(0);
    });

    it('applies each migration once when two do so at the same time', async () => {
      const url = await postgres.freshDatabase();
      const both = await Promise.all([migrate(url, 'second', 'apply'), migrate(url, 'second', 'apply')]);
      expect(both.map(({ log }) => log).sort()).toEqual([
        'applied 0001_products\napplied 0002_product_weight\n',
        'nothing to apply\n',
      ]);
    });

    it('waits for a server that is slow to answer, until it is ended', async () => {
      const silent = createServer().listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const { port } = silent.address() as AddressInfo;
      const deadline = new AbortController();
      const asked = once(silent, 'connection');
      const result = runShopMigration({
        repository: shop.path,
        commit: shop.commits.first,
        purpose: 'apply',
        databaseUrl: `postgresql://shop:secret@127.0.0.1:${port}/shop`,
        signal: deadline.signal,
      });
      const [socket] = (await asked) as [Socket];
      deadline.abort();
      expect(await result).toMatchObject({
        exitCode: 69,
        log: expect.stringMatching(/could not connect/),
      });
      socket.destroy();
      silent.close();
    });

    it.each([
      ['without a database', undefined, 1, /DATABASE_URL is not set/],
      ['without a server', 'postgresql://shop:secret@127.0.0.1:1/shop', 69, /could not connect.*ECONNREFUSED/],
    ] as const)('fails %s with a line that says why, and a code of its own', async (_name, url, exitCode, line) => {
      const result = await migrate(url, 'first', 'apply');
      expect(result.exitCode).toBe(exitCode);
      expect(result.log).toMatch(line);
      expect(result.log).not.toContain('secret');
    });
  });
});
