import type { Cli } from '../../client/cli/cli.ts';
import { createGatewayClient } from '../../client/cli/gateway-client.ts';
import { shortCommit } from '../../client/cli/words.ts';
import type { Commit } from '../../domain/contract/release.ts';
import { shopComponents } from '../shop/pipeline-file.ts';
import type { ShopComponent } from '../shop/pipeline-file.ts';
import { answeringOf } from './approval.ts';
import type { Answering } from './approval.ts';
import { dashboardLine } from './dashboard.ts';
import type { GateState } from './equipment.ts';
import type { Lifetime } from './lifetime.ts';
import type { Narrator } from './narrator.ts';
import type { DemoOptions } from './options.ts';
import { readBack } from './read-back.ts';
import { pushReadyImages } from './ready-images.ts';
import { tellRelease } from './release.ts';
import type { ReleaseNeeds, ToldRelease } from './release.ts';
import { resultOf } from './result.ts';
import type { DemoResult } from './result.ts';
import { setUp } from './set-up.ts';
import type { DemoWorld } from './set-up.ts';
import { approveInSlack, showChannel, untilShown } from './slack.ts';

export interface DemoNeeds {
  options: DemoOptions;
  cli: Cli;
  narrator: Narrator;
  lifetime: Lifetime;
}

/** The demo, from an empty directory to what was read back. */
export async function tellDemo({
  options,
  cli,
  narrator,
  lifetime,
}: DemoNeeds): Promise<{ world: DemoWorld; result: DemoResult }> {
  narrator.heading('Setting up');
  const world = await setUp(options, lifetime, narrator.step);
  const setUpMs = narrator.elapsedMs();
  introduce(world, narrator);
  const clientOf = (token: string) => createGatewayClient({ url: world.engine.gatewayUrl, token, io: cli.io });
  const { requester, approver } = world.engine.tokens;
  const needs: ReleaseNeeds = {
    decidedAt: world.engine,
    ...{ cli, narrator, developer: clientOf(requester), approver: clientOf(approver) },
    ...pressing(world, cli),
  };
  if (world.slack) showChannel(world.slack, narrator);
  const answering = answeringOf(options, cli);

  const told = options.fail
    ? await failAndRollBack(needs, world, answering)
    : await releaseFirst(needs, world, answering);

  if (world.slack && !(await untilShown(world.slack, told.view.outcome ?? '', cli)))
    narrator.step('the message in Slack does not show the end yet');
  const seen = await readBack(world, needs.developer);
  return { world, result: resultOf({ options, world, told, seen, answering, setUpMs, totalMs: narrator.elapsedMs() }) };
}

function pressing({ slack, engine }: DemoWorld, cli: Cli): Pick<ReleaseNeeds, 'pressInSlack'> {
  if (!slack) return {};
  return { pressInSlack: (releaseId) => approveInSlack(slack, engine.gatewayUrl, { releaseId, cli }) };
}

function introduce({ engine, equipment, services }: DemoWorld, narrator: Narrator): void {
  for (const gate of Object.values(equipment.gates)) narrator.step(gateLine(gate));
  narrator.step(
    equipment.builder === undefined
      ? `images: ready-made ones, because ${equipment.noBuilder}`
      : `images are built by ${equipment.builder}`,
  );
  narrator.step(`Temporal's UI listens on ${services.temporal.uiUrl ?? 'nothing: it is off'}`);
  const pid = engine.supervisor.pid();
  narrator.block([
    '',
    dashboardLine(engine),
    '',
    `The worker is process ${pid}. Kill it whenever you like, from another terminal: kill -9 ${pid}`,
    'It is started again, and the release goes on where it was: a step that was cut off begins anew within 20 s.',
  ]);
}

function gateLine(state: GateState): string {
  return state.on ? `${state.gate}: on, by ${state.by}` : `${state.gate}: off, ${state.why} (to have it: ${state.how})`;
}

async function releaseFirst(needs: ReleaseNeeds, world: DemoWorld, answering: Answering): Promise<ToldRelease> {
  const commit = world.regions.commits.first;
  needs.narrator.heading(`Release of ${shortCommit(commit)}, "The shop"`);
  return tellRelease(needs, { commit, answering, ...(await imagesFor(world, commit, shopComponents)) });
}

/** First something to fall back on, then a commit whose storefront does not start in the second region. */
async function failAndRollBack(needs: ReleaseNeeds, world: DemoWorld, answering: Answering): Promise<ToldRelease> {
  const { first, broken } = world.regions.commits;
  const { narrator } = needs;
  narrator.heading(`First a good release, ${shortCommit(first)}, to have something to fall back on`);
  const good = await tellRelease(needs, {
    commit: first,
    answering: 'preparation',
    ...(await imagesFor(world, first, shopComponents)),
  });
  if (good.view.outcome !== 'verified') return good;
  narrator.heading(`Then ${shortCommit(broken)}, "A new payment provider": in nl its storefront finds no settings`);
  return tellRelease(needs, { commit: broken, answering, ...(await imagesFor(world, broken, ['core', 'storefront'])) });
}

/** Nothing where images are built: the engine does that itself. */
async function imagesFor(world: DemoWorld, commit: Commit, components: readonly ShopComponent[]) {
  const { directory, services, regions, equipment } = world;
  if (equipment.builder !== undefined) return {};
  const { repository } = regions;
  return {
    images: await pushReadyImages({ directory, registry: services.registry.host, repository, commit, components }),
  };
}
