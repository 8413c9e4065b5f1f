import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { people } from '../../../lab/demo/dashboard.ts';
import { pushReadyImages } from '../../../lab/demo/ready-images.ts';
import { startLabLogin } from '../../../lab/login/provider.ts';
import { startSandboxRegions } from '../../../lab/sandbox-regions.ts';
import { shop, shopComponents } from '../../../lab/shop/pipeline-file.ts';
import { startEngine, startServices } from '../../../lab/world.ts';
import { until } from '../../support/world-until.ts';
import { clientOf } from '../../support/world.ts';
import type { Moment } from './list.ts';

/** The lab with a release that is verified, and one that waits, is deployed, and is held. */
export interface PicturedWorld {
  /** Of its pages. */
  address: string;
  /** Brings it there; answers with the run that this is about. */
  reach(moment: Moment): Promise<string>;
  stop(): Promise<void>;
}

/** ms from a pod's creation until it is ready: long enough to be seen on a page. */
const slowly = 1_200;

export async function startPicturedWorld(progress: (line: string) => void): Promise<PicturedWorld> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  const kept = <T extends { stop(): Promise<unknown> }>(started: T): T => {
    stops.push(() => started.stop());
    return started;
  };
  try {
    const directory = await mkdtemp(join(tmpdir(), 'slipway-pictures-'));
    stops.push(() => rm(directory, { recursive: true, force: true }));
    await chmod(directory, 0o755); // PostgreSQL runs as another account
    const services = kept(await startServices({ directory, progress }));
    const regions = kept(
      await startSandboxRegions({
        ...{ directory, services, tests: false, bake: '20s', onFailure: 'hold', speed: slowly },
        base: `${services.registry.host}/none`, // nothing is built here
      }),
    );
    const login = kept(await startLabLogin(people));
    const engine = kept(
      await startEngine({
        ...{ directory, services, regions: regions.regions, repository: regions.repository, login, progress },
        gates: { images: false, secrets: false, tests: false },
      }),
    );
    if (engine.pages === undefined) throw new Error('the pages are not built: node scripts/build-dashboard.mjs');
    const requester = clientOf(engine.gatewayUrl, engine.tokens.requester);
    const approver = clientOf(engine.gatewayUrl, engine.tokens.approver);
    const start = async (commit: string) => {
      const { repository } = regions;
      const registry = services.registry.host;
      const images = await pushReadyImages({ directory, registry, repository, commit, components: shopComponents });
      const { service, branch } = shop;
      return (await requester.start({ service, branch, commit, images, requestKey: `pictures-${commit}` })).releaseId;
    };
    const at = (run: string, stage: string) =>
      until(`${run} to be ${stage}`, async () => {
        const { status, outcome } = await approver.release(run);
        return (outcome ?? status?.stage) === stage && status;
      });
    const approve = async (run: string) => {
      const { planHash } = await at(run, 'awaiting-approval');
      const decisionId = randomUUID();
      if (planHash === undefined) throw new Error(`${run} waits without a plan`);
      await approver.decide(run, { decisionId, kind: 'approve', planHash, channel: 'dashboard', reason: '' });
    };
    let second = '';
    const reaching: Record<Moment, () => Promise<string>> = {
      async verified() {
        const first = await start(regions.commits.first);
        await approve(first);
        await at(first, 'verified');
        return first;
      },
      async waiting() {
        second = await start(regions.commits.broken);
        await at(second, 'awaiting-approval');
        return second;
      },
      async deploying() {
        await approve(second);
        await at(second, 'deploying');
        return second;
      },
      async held() {
        await at(second, 'held');
        return second;
      },
    };
    return { address: engine.pages, reach: (moment) => reaching[moment](), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
