import { execa } from 'execa';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClusters, type Clusters } from '../../activities/shared/clusters.ts';
import type { ClusterRef, PinnedImage } from '../../domain/contract/release.ts';
import {
  startSandboxRegion,
  type ImageBehaviour,
  type SandboxOptions,
  type SandboxRegion,
} from '../../lab/sandbox/region.ts';

export interface SandboxWorld {
  region: SandboxRegion;
  clusters: Clusters;
  clusterRef: ClusterRef;
  namespace: string;
  images: Record<'good' | 'better' | 'crashing' | 'missing', PinnedImage>;
  /** An image of its own that runs, once it has been pulled: that takes until `finishPulling` is called. */
  aSlowImage(): { image: PinnedImage; finishPulling(): void };
  /** An image of its own that no node can pull, for `why`, until the registry is well again. */
  anUnpullableImage(why: string): { image: PinnedImage; mend(): void };
  /** This image runs, and its pods report it by another id. */
  reportAs(image: PinnedImage, imageId: string): void;
  kubectl(args: string[]): Promise<{ code: number; stdout: string }>;
  createDeployment(name: string, options: { replicas: number; image: PinnedImage }): Promise<void>;
  dispose(): Promise<void>;
}

const pinned = (digit: string): PinnedImage => `registry.test/shop/api@sha256:${digit.repeat(64)}`;
const images = { good: pinned('1'), better: pinned('2'), crashing: pinned('3'), missing: pinned('4') };

/** A simulated region of its own, and the real kubectl on it. */
export async function aSandboxWorld(over: Pick<SandboxOptions, 'runJob'> = {}): Promise<SandboxWorld> {
  const directory = await mkdtemp(path.join(tmpdir(), 'slipway-sandbox-'));
  const pulling = new Set<PinnedImage>();
  const reported = new Map<PinnedImage, string>();
  const refused = new Map<string, string>();
  const behaviour = (image: string): ImageBehaviour | undefined => {
    const imageId = reported.get(image);
    if (imageId !== undefined) return { kind: 'runs', imageId };
    const why = refused.get(image);
    if (why !== undefined) return { kind: 'not-found', why };
    return pulling.has(image) ? undefined : behaviourOf(image);
  };
  const region = await startSandboxRegion({ name: 'primary', directory, images: behaviour, speed: 150, ...over });
  const clusters = createClusters();
  const namespace = 'shop';
  const kubectl: SandboxWorld['kubectl'] = async (args) => {
    const environment = { HOME: directory, KUBECONFIG: region.kubeconfig };
    const { exitCode, stdout } = await execa('kubectl', args, { env: environment, reject: false, stdin: 'ignore' });
    return { code: exitCode ?? -1, stdout };
  };
  await region.createSecret(namespace, 'of-the-set-up', {}); // makes the namespace
  return {
    region,
    clusters,
    clusterRef: { kind: 'kubeconfig', file: region.kubeconfig },
    namespace,
    images,
    anUnpullableImage(why) {
      const image = anyImage();
      refused.set(image, why);
      return { image, mend: () => void refused.delete(image) };
    },
    aSlowImage() {
      const image = anyImage();
      pulling.add(image);
      return { image, finishPulling: () => void pulling.delete(image) };
    },
    reportAs: (image, imageId) => void reported.set(image, imageId),
    kubectl,
    async createDeployment(name, options) {
      await region.createDeployment(namespace, { name, container: 'api', ...options });
      const { code } = await kubectl(['rollout', 'status', `deployment/${name}`, '-n', namespace, '--timeout=300s']);
      if (code !== 0) throw new Error(`Deployment ${name} did not come up`);
    },
    async dispose() {
      await clusters.close();
      await region.stop();
      await rm(directory, { recursive: true });
    },
  };
}

function anyImage(): PinnedImage {
  return `registry.test/shop/api@sha256:${createHash('sha256').update(randomUUID()).digest('hex')}`;
}

function behaviourOf(image: string): ImageBehaviour {
  if (image === images.missing) return { kind: 'not-found' };
  if (image === images.crashing)
    return { kind: 'crashes', exitCode: 3, log: 'starting\nno database at postgres://shop:geheim@db/shop\n' };
  return { kind: 'runs' };
}
