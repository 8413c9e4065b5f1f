import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DescribeClusterCommand, EKSClient, ResourceNotFoundException } from '@aws-sdk/client-eks';
import { mockClient } from 'aws-sdk-client-mock';
import { createCached } from '../../activities/shared/cluster-cache.ts';
import { eksToken } from '../../activities/shared/cluster-eks-token.ts';
import { createClusters } from '../../activities/shared/clusters.ts';
import type { ClusterRef } from '../../domain/contract/release.ts';

const minute = 60_000;
const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'a+session/token==' };
const at = new Date('2026-11-22T10:00:00Z');
const ref: ClusterRef = { kind: 'eks', name: 'shop-primary', awsRegion: 'eu-central-1' };
const active = {
  status: 'ACTIVE',
  endpoint: 'https://abc.eks.example',
  certificateAuthority: { data: 'Y2E=' },
} as const;

describe('an EKS token', () => {
  /** What aws-iam-authenticator allows in the query, in lower case. */
  const allowed = new Set([
    'action',
    'version',
    'x-amz-algorithm',
    'x-amz-credential',
    'x-amz-date',
    'x-amz-expires',
    'x-amz-security-token',
    'x-amz-signature',
    'x-amz-signedheaders',
    'x-amz-user-agent',
  ]);
  const decode = (token: string): URL =>
    new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString());
  const make = (over: object = {}): Promise<string> =>
    eksToken({ clusterName: 'shop-primary', awsRegion: 'eu-central-1', credentials, at, ...over });

  it('passes every rule of the server that reads it', async () => {
    const token = await make();
    expect(token).toMatch(/^k8s-aws-v1\.[A-Za-z0-9_-]+$/);
    const url = decode(token);
    const query = url.searchParams;
    expect({ protocol: url.protocol, host: url.host, path: url.pathname, hash: url.hash, user: url.username }).toEqual({
      protocol: 'https:',
      host: 'sts.eu-central-1.amazonaws.com',
      path: '/',
      hash: '',
      user: '',
    });
    for (const [name] of query) {
      expect(allowed).toContain(name.toLowerCase());
      expect(query.getAll(name)).toHaveLength(1);
    }
    expect(query.get('Action')).toBe('GetCallerIdentity');
    expect(query.get('X-Amz-SignedHeaders')?.split(';')).toEqual(['host', 'x-k8s-aws-id']);
    expect(Number(query.get('X-Amz-Expires'))).toBeGreaterThan(0);
    expect(Number(query.get('X-Amz-Expires'))).toBeLessThanOrEqual(900);
    expect(query.get('X-Amz-Date')).toBe('20261122T100000Z');
    expect(query.get('X-Amz-Credential')).toBe('AKIAEXAMPLE/20261122/eu-central-1/sts/aws4_request');
    expect(query.get('X-Amz-Security-Token')).toBe(credentials.sessionToken);
  });

  it("is bound to the cluster's name by its signature", async () => {
    const signature = async (clusterName: string): Promise<string | null> =>
      decode(await make({ clusterName })).searchParams.get('X-Amz-Signature');
    expect(await signature('shop-primary')).toMatch(/^[0-9a-f]{64}$/);
    expect(await signature('shop-primary')).not.toBe(await signature('shop-secondary'));
  });

  it('asks the STS of China there', async () => {
    expect(decode(await make({ awsRegion: 'cn-north-1' })).host).toBe('sts.cn-north-1.amazonaws.com.cn');
  });
});

describe('EKS clusters', () => {
  const eks = mockClient(EKSClient);
  let now: number;

  beforeEach(() => {
    eks.reset();
    now = at.getTime();
  });
  afterEach(() => void eks.reset());

  const open = () => createClusters({ awsCredentials: async () => credentials, now: () => now });

  it('are described once in ten minutes, by whoever asks first', async () => {
    eks.on(DescribeClusterCommand).resolves({ cluster: active });
    const clusters = open();
    const [first, second] = await Promise.all([clusters.connect(ref), clusters.connect({ ...ref })]);
    now += 9 * minute;
    expect(await clusters.connect(ref)).toBe(first);
    expect(second).toBe(first);
    expect(eks.commandCalls(DescribeClusterCommand, { name: 'shop-primary' })).toHaveLength(1);
    now += 2 * minute;
    expect(await clusters.connect(ref)).toBe(first);
    expect(eks.commandCalls(DescribeClusterCommand)).toHaveLength(2);
    await clusters.close();
  });

  it('are connected to anew when their certificate authority has changed', async () => {
    eks.on(DescribeClusterCommand).resolves({ cluster: active });
    const clusters = open();
    const first = await clusters.connect(ref);
    eks.on(DescribeClusterCommand).resolves({ cluster: { ...active, certificateAuthority: { data: 'bmV3' } } });
    now += 11 * minute;
    expect(await clusters.connect(ref)).not.toBe(first);
    await clusters.close();
  });

  it.each<[string, () => unknown, string]>([
    [
      'being deleted',
      () => eks.on(DescribeClusterCommand).resolves({ cluster: { ...active, status: 'DELETING' } }),
      'SLIP-K8S-11',
    ],
    [
      'being created',
      () => eks.on(DescribeClusterCommand).resolves({ cluster: { status: 'CREATING' } }),
      'SLIP-K8S-12',
    ],
    [
      'unknown to AWS',
      () =>
        eks
          .on(DescribeClusterCommand)
          .rejects(new ResourceNotFoundException({ message: 'No cluster found', $metadata: {} })),
      'SLIP-K8S-11',
    ],
    [
      'not ours to see',
      () =>
        eks
          .on(DescribeClusterCommand)
          .rejects(Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' })),
      'SLIP-K8S-13',
    ],
    ['out of reach', () => eks.on(DescribeClusterCommand).rejects(new Error('socket hang up')), 'SLIP-K8S-12'],
  ])('that are %s are told as such, and asked about again the next time', async (_name, arrange, code) => {
    arrange();
    const clusters = open();
    await expect(clusters.connect(ref)).rejects.toMatchObject({ details: { code } });
    eks.on(DescribeClusterCommand).resolves({ cluster: active });
    await expect(clusters.connect(ref)).resolves.toBeDefined();
    await clusters.close();
  });
});

describe('a cached value', () => {
  it('is made once for all who ask at the same time, again when it is old or dropped, and never kept when its making failed', async () => {
    let now = 0;
    let made = 0;
    let broken = false;
    const cached = createCached({
      make: async () => {
        made += 1;
        if (broken) throw new Error('no');
        return made;
      },
      ttlMs: 10,
      now: () => now,
    });
    expect(await Promise.all([cached.get(), cached.get()])).toEqual([1, 1]);
    now = 10;
    expect(await cached.get()).toBe(2);
    cached.drop();
    expect(await cached.get()).toBe(3);
    now = 20;
    broken = true;
    await expect(cached.get()).rejects.toThrow('no');
    broken = false;
    expect(await cached.get()).toBe(5);
  });
});
