import type { Cli } from '../../client/cli/cli.ts';
import type { GatewayClient } from '../../client/cli/gateway-client.ts';
import { isTemporary } from '../../client/cli/failures.ts';
import { failureLines } from '../../client/cli/render-status.ts';
import { duration } from '../../client/cli/words.ts';
import type { ReleaseView } from '../../domain/contract/gateway.ts';
import type { Commit, PinnedImage } from '../../domain/contract/release.ts';
import type { ReleaseStatus } from '../../domain/contract/status.ts';
import { stageOfLine } from '../../domain/log-stages.ts';
import { isOutcome, meaningOf, outcomes } from '../../domain/outcomes.ts';
import { shop } from '../shop/pipeline-file.ts';
import { answerApproval } from './approval.ts';
import type { Answering } from './approval.ts';
import { askedFor, askLines } from './asks.ts';
import type { DecidedAt } from './asks.ts';
import type { Narrator } from './narrator.ts';

export interface ReleaseNeeds {
  cli: Cli;
  narrator: Narrator;
  /** With the token of the one who asks for releases. */
  developer: GatewayClient;
  approver: GatewayClient;
  pressInSlack?: (releaseId: string) => Promise<void>;
  /** Where people decide who are asked on pages. */
  decidedAt: DecidedAt;
}

export interface ReleaseToTell {
  commit: Commit;
  /** Given where nothing can be built. */
  images?: Record<string, PinnedImage>;
  answering: Answering;
}

export interface ToldRelease {
  /** How it stood at its end. */
  view: ReleaseView;
  /** From the change of a region to the moment its failure was known, ms. Absent when nothing failed. */
  detectedMs?: number;
}

const lookEveryMs = 250;
/** The outcome of a run is recorded a moment before the run closes; one ended by force, a little later. */
const graceMs = 15_000;

/** Starts a release and tells its story as it happens, to its end; answers its approval on the way. */
export async function tellRelease(needs: ReleaseNeeds, release: ReleaseToTell): Promise<ToldRelease> {
  const { cli, narrator, developer, approver } = needs;
  const { commit, images, answering } = release;
  const request = {
    service: shop.service,
    branch: shop.branch,
    commit,
    requestKey: `demo-${commit}`,
    ...(images && { images }),
  };
  const { releaseId, pageUrl, temporalUrl } = await developer.start(request);
  narrator.block([
    ...(pageUrl ? [`its page: ${pageUrl}`] : []),
    ...(temporalUrl ? [`in Temporal: ${temporalUrl}`] : []),
    '',
  ]);
  const story = createStory(cli, narrator);
  const answered = new Set<string>();
  let endedAt: number | undefined;
  /** The plan whose word about failures the story has. */
  let declared: string | undefined;
  for (;;) {
    const view = await lookAt(() => developer.release(releaseId), narrator);
    if (view) {
      story.tell(view);
      const asked = askedFor(view);
      if (asked !== undefined && !answered.has(asked)) {
        answered.add(asked);
        await answer(needs, answering, view);
      }
      const hash = view.status?.planHash;
      if (asked !== undefined && hash !== undefined && hash !== declared) {
        const planned = await lookAt(() => approver.plan(hash), narrator);
        if (planned) {
          declared = hash;
          story.declare(planned.plan.onFailure.partial);
        }
      }
      if (!view.open) endedAt ??= cli.io.now();
      if (endedAt !== undefined && (view.outcome !== undefined || cli.io.now() - endedAt > graceMs)) {
        story.end(view);
        const detectedMs = story.detectedMs();
        return { view, ...(detectedMs !== undefined && { detectedMs }) };
      }
    }
    await cli.io.sleep(lookEveryMs, cli.io.signal);
  }
}

/** Says where a person decides, or decides about a plan for them. */
async function answer(needs: ReleaseNeeds, answering: Answering, view: ReleaseView): Promise<void> {
  const { cli, narrator, approver, pressInSlack, decidedAt } = needs;
  if (answering === 'on its page') return narrator.block(askLines(view, decidedAt));
  const { stage, planHash } = view.status ?? {};
  if (stage !== 'awaiting-approval' || planHash === undefined) return;
  const how = { answering, ...(pressInSlack && { pressInSlack }) };
  await answerApproval({ cli, narrator, gateway: approver, ...how }, view, planHash);
}

/** What the gateway says; undefined when it did not answer: the release does not need it. */
async function lookAt<T>(read: () => Promise<T>, narrator: Narrator): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!isTemporary(error)) throw error;
    narrator.now('the gateway does not answer; the release goes on');
    return undefined;
  }
}

/** Tells each line of a run's own log once, under the stage in which it was said. */
function createStory(cli: Cli, narrator: Narrator) {
  const told = new Set<string>();
  const detection = watchForFailure(cli.io.now);
  let policy: string | undefined;

  const tellFailure = ({ failure }: ReleaseStatus): void => {
    if (!failure || told.has('failure')) return;
    told.add('failure');
    const detected = detection.detectedMs();
    const declared = detected === undefined || !policy ? [] : [`  declared policy: ${policy}`];
    narrator.block(['', cli.colors.red(failureHeading(detected)), ...failureLines(failure, cli), ...declared, '']);
  };
  return {
    /** What the plan says about failures. */
    declare(partial: string): void {
      policy = partial;
    },
    tell(view: ReleaseView): void {
      const { status } = view;
      if (!status) return narrator.now(view.why[0] ?? 'no worker answers right now; the release goes on');
      detection.look(status);
      for (const [index, { at, line }] of status.log.entries()) {
        const key = `${at} ${line}`;
        if (told.has(key)) continue;
        told.add(key);
        const stage = stageOfLine(status, index);
        if (isFailure(status, line)) tellFailure(status);
        else if (stage !== 'done') narrator.story(stage, line);
      }
      tellFailure(status);
      if (view.open) narrator.now(status.doing.split('\n')[0] ?? '');
    },
    end(view: ReleaseView): void {
      const outcome = view.outcome ?? 'ended, outcome not recorded';
      const says = isOutcome(outcome) ? outcomes[outcome].says : '';
      const isWell = meaningOf(outcome).level === 'info';
      const mark = isWell ? cli.colors.green(`✔ ${outcome}`) : cli.colors.yellow(`● ${outcome}`);
      narrator.step(`${mark}: ${says} (${duration((view.endedAt ?? cli.io.now()) - view.startedAt)})`);
    },
    detectedMs: detection.detectedMs,
  };
}

/** Over the failure of a release. `detectedMs`: since the region's change, where it failed in one. */
export function failureHeading(detectedMs: number | undefined): string {
  if (detectedMs === undefined) return '✖ it failed:';
  return `✖ seen ${duration(detectedMs)} after the region's change began, in the pod's own words:`;
}

function isFailure({ failure }: ReleaseStatus, line: string): boolean {
  return failure !== undefined && line.startsWith(`${failure.title}: `);
}

/** How long it took from a component's change, as we saw it, to the line of the run's log that tells its failure. */
function watchForFailure(now: () => number) {
  const changing = new Map<string, number>();
  let detected: number | undefined;
  return {
    look(status: ReleaseStatus): void {
      const failedAt = status.log.find(({ line }) => isFailure(status, line))?.at;
      if (failedAt !== undefined) {
        if (changing.size > 0) detected ??= Math.max(0, failedAt - Math.max(...changing.values()));
        return;
      }
      for (const { region, components } of status.regions) {
        for (const { component, phase } of components) {
          const key = `${region} ${component}`;
          if (phase === 'deploying' && !changing.has(key)) changing.set(key, now());
          if (phase === 'deployed' || phase === 'verified') changing.delete(key);
        }
      }
    },
    detectedMs: () => detected,
  };
}
