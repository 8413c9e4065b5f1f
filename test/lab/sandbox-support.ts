import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppsV1Api, BatchV1Api, CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { execa } from 'execa';
import {
  startSandboxRegion,
  type ImageBehaviour,
  type SandboxOptions,
  type SandboxRegion,
} from '../../lab/sandbox/region.ts';
import { patience, until } from '../support/world-until.ts';

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
export const web = (digit: string): string => `registry.test/shop/web@${digest(digit)}`;

/** A region, with kubectl and the real client pointed at it. */
export interface TestRegion {
  region: SandboxRegion;
  apps: AppsV1Api;
  core: CoreV1Api;
  batch: BatchV1Api;
  /** Never rejects: the exit code and the output are the result. */
  kubectl(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }>;
  apply(
    deployment: string,
    body: object,
    options?: { dryRun?: boolean; force?: boolean; manager?: string },
  ): ReturnType<AppsV1Api['patchNamespacedDeployment']>;
  stop(): Promise<void>;
}

/** Images decide by name: `crash`, `missing`, `config` and `sulky` go wrong in their own way, everything else runs. */
function behaviour(image: string): ImageBehaviour {
  if (image.includes('crash')) return { kind: 'crashes', exitCode: 3, log: 'first line\nboom\n' };
  if (image.includes('missing')) return { kind: 'not-found' };
  if (image.includes('config')) return { kind: 'config-error', message: 'secret "keys" not found' };
  if (image.includes('sulky')) return { kind: 'never-ready', message: 'HTTP probe failed with statuscode: 503' };
  return { kind: 'runs', answer: ({ path }) => ({ status: 200, body: `${image} ${path}` }) };
}

export async function aRegion(options: Partial<SandboxOptions> = {}): Promise<TestRegion> {
  const directory = await mkdtemp(join(tmpdir(), 'sandbox-'));
  const region = await startSandboxRegion({ name: 'eu', directory, images: behaviour, speed: 60, ...options });
  const config = new KubeConfig();
  config.loadFromFile(region.kubeconfig);
  const apps = config.makeApiClient(AppsV1Api);
  return {
    region,
    apps,
    core: config.makeApiClient(CoreV1Api),
    batch: config.makeApiClient(BatchV1Api),
    async kubectl(...args) {
      const { exitCode, stdout, stderr } = await execa(
        '/usr/bin/kubectl',
        ['--kubeconfig', region.kubeconfig, '-n', 'shop', ...args],
        {
          reject: false,
          env: { HOME: directory },
          timeout: patience.event,
        },
      );
      return { exitCode: exitCode ?? -1, stdout, stderr };
    },
    apply: (name, body, { dryRun = false, force = true, manager = 'slipway' } = {}) =>
      apps.patchNamespacedDeployment(
        {
          name,
          namespace: 'shop',
          body: { apiVersion: 'apps/v1', kind: 'Deployment', ...body },
          fieldManager: manager,
          force,
          ...(dryRun ? { dryRun: 'All' } : {}),
        },
        setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply),
      ),
    async stop() {
      await region.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** What a release applies: one container's image, and nothing else. */
export function image(reference: string, container = 'web', metadata: object = {}) {
  return {
    metadata: { name: 'web', ...metadata },
    spec: { template: { spec: { containers: [{ name: container, image: reference }] } } },
  };
}

/** Polls until the look gives something. */
export async function eventually<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  return until('what the test waits for', look);
}

export async function untilRolledOut(at: TestRegion, name = 'web'): Promise<void> {
  await eventually(async () => {
    const { metadata, spec, status } = await at.apps.readNamespacedDeployment({ name, namespace: 'shop' });
    const sizes = [status?.replicas, status?.updatedReplicas, status?.availableReplicas];
    return status?.observedGeneration === metadata?.generation && sizes.every((size) => (size ?? 0) === spec?.replicas);
  });
}

/** The code of the ApiException that the call ends with. */
export async function codeOf(call: Promise<unknown>): Promise<number | undefined> {
  return call.then(
    () => undefined,
    (error: { code?: number }) => error.code,
  );
}

/** The message of the Status that the call ends with. */
export async function messageOf(call: Promise<unknown>): Promise<string> {
  const body = await call.then(
    () => '{}',
    (error: { body?: unknown }) => error.body,
  );
  const status = (typeof body === 'string' ? JSON.parse(body) : body) as { message?: string } | undefined;
  return status?.message ?? '';
}
