import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGatewayClient } from '../client/cli/gateway-client.ts';
import { createEventFeed } from '../client/cli/events.ts';
import { ensureBusyboxBase } from './kubernetes/images.ts';
import { startSandboxShop } from './sandbox-regions.ts';
import { makeShopRepository } from './shop/make-repository.ts';
import { shop } from './shop/pipeline-file.ts';
import { originOf } from './image-origin.ts';
import { startEngine, startServices } from './world.ts';
import { setTimeout as sleep } from 'node:timers/promises';

const t0 = Date.now();
const progress = (line: string) => console.error(`${((Date.now() - t0) / 1000).toFixed(1)} ${line}`);
const directory = await mkdtemp(join(tmpdir(), 'slipway-demo-'));
await chmod(directory, 0o755);
const services = await startServices({ directory, progress });
const base = await ensureBusyboxBase(services.registry.host, progress);
let repository = '';
const regions = await Promise.all(
  ['de', 'nl'].map((name) =>
    startSandboxShop({ name, directory, repository: () => repository, originOf, databaseUrl: services.postgres.url('shop') }),
  ),
);
const made = await makeShopRepository({
  directory: join(directory, 'shop'),
  base: base.pinned,
  tests: false,
  bake: '1s',
  regions: regions.map(({ name, urls }) => ({ name, cluster: `lab-${name}`, urls })),
});
repository = made.path;
const engine = await startEngine({ directory, services, regions, repository, gates: { images: false, secrets: false, tests: false }, progress });
progress('ready');
const ac = new AbortController();
const io = { signal: ac.signal, sleep: async (ms: number, s: AbortSignal) => void (await sleep(ms, undefined, { signal: s })) };
const dev = createGatewayClient({ url: engine.gatewayUrl, token: engine.tokens.requester, io });
const app = createGatewayClient({ url: engine.gatewayUrl, token: engine.tokens.approver, io });
async function release(commit: string) {
  const { releaseId } = await dev.start({ service: shop.service, branch: shop.branch, commit, requestKey: `k-${commit}` });
  const feed = createEventFeed();
  let approved = false;
  for (;;) {
    const view = await dev.release(releaseId);
    for (const l of feed(view, Date.now())) console.log(l);
    if (!view.open) { console.log(view.outcome, view.summary, view.why); return view; }
    if (view.status?.stage === 'awaiting-approval' && !approved) {
      approved = true;
      await app.decide(releaseId, { decisionId: `d-${commit}`, kind: 'approve', planHash: view.status.planHash!, channel: 'lab', reason: 'demo' }).then((x) => progress(x.message), (e) => progress(String(e)));
    }
    await sleep(300);
  }
}
try {
  await release(made.commits.first);
  if (process.argv.includes('--fail')) { await release(made.commits.broken); }
  progress('done');
  if (process.argv.includes('--keep')) { console.log(engine.gatewayUrl, services.temporal.uiUrl, directory); await new Promise((r) => process.once('SIGINT', r)); }
} catch (e) { console.error(e); if (process.argv.includes('--keep')) await new Promise((r) => process.once('SIGINT', r)); }
await engine.stop();
await Promise.all(regions.map((r) => r.sandbox.stop()));
await services.stop();
await rm(directory, { recursive: true, force: true });
process.exit(0);
