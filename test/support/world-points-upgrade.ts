import { randomUUID } from 'node:crypto';
import { changes, points } from './world-points.ts';
import type { Here, Point } from './world-points.ts';
import type { PipelineText } from './world-service.ts';
import { until } from './world-until.ts';

/** A newer release waits its turn, instead of making the older one pointless. */
const inTurn = (file: PipelineText) => void (file.environments.production['queue'] = 'fifo');

/** Where a release may be when the engine is upgraded, and where a worker that dies would tell nothing new. */
const further: Point[] = [
  {
    name: 'waiting in the lane behind another',
    service: { pipeline: inTurn },
    when: 'after approval',
    waits: true,
    follows: true,
    async stop(here) {
      const { world, service } = here;
      const inNl = world.regions.nl.tap.stop('before', changes(service));
      const images = await service.images();
      await service.approve(await service.start({ images }));
      await inNl.reached;
      return { reached: isTold(here, 'holds the lane'), release: () => inNl.release(), others: images };
    },
  },
  {
    name: 'waiting at a lane that is on hold',
    service: { components: ['core', 'storefront'], pipeline: inTurn },
    when: 'after approval',
    waits: true,
    follows: true,
    async stop(here) {
      const { world, service } = here;
      // It breaks nl, and there is nothing to go back to.
      const images = await service.images({ storefront: world.shop.commits.broken });
      await service.release({ images });
      return {
        reached: isTold(here, 'hold'),
        release: () =>
          insist('the hold to be cleared', () => world.approver.changeLane(service.lane, 'clear-hold', 'it is mended')),
        others: images,
      };
    },
  },
  {
    name: 'baking',
    service: {
      pipeline: ({ environments: { production } }) => {
        const [first] = production['waves'] as { bake: string }[];
        first!.bake = '2s';
      },
    },
    when: 'after approval',
    stop({ world, service }) {
      // Two good answers verify the region; the next one is asked for by the bake.
      let asked = 0;
      return world.regions.de.tap.stop(
        'before',
        ({ path }) => path.startsWith(`/apps/${service.name}/`) && ++asked > 2,
      );
    },
  },
  {
    name: 'waiting to try again what it has no right to',
    service: {},
    when: 'after approval',
    stop({ world, service, releaseId }) {
      const { faults } = world.regions.de.sandbox;
      faults.failNext({ verb: 'patch', kind: 'Deployment', namespace: service.name }, 403, Infinity);
      const reached = until('the run to say so', async () =>
        (await service.status(releaseId)).doing.includes('tried again in'),
      );
      return { reached: reached.then(() => {}), release: () => faults.clear() };
    },
  },
  {
    name: 'held for a decision about its failure',
    service: {
      components: ['core', 'storefront'],
      pipeline: ({ environments: { production } }) => void (production.onFailure['partial'] = 'hold'),
    },
    when: 'after approval',
    waits: true,
    earlier: true,
    breaks: true,
    stop({ world, service, releaseId }) {
      const decision = { decisionId: randomUUID(), kind: 'roll-back', channel: 'test', reason: 'nl is down' } as const;
      return {
        reached: service.reaches(releaseId, 'held').then(() => {}),
        release: () => insist('the rollback to be heard', () => world.approver.decide(releaseId, decision)),
      };
    },
  },
];

const known = [
  'building, before the image is pushed',
  'scanning',
  'planning',
  'awaiting approval',
  'awaiting the lane',
  'migrating, while the Job runs',
  'deploying to de, the change made and its answer lost',
  'verifying',
  'recording the end',
  'leaving the lane',
  'rolling back nl',
];

/** Every stage of a release, and whatever a run may wait for. */
export const upgradePoints: Point[] = [...points.filter(({ name }) => known.includes(name)), ...further];

/** Once the run has heard why it does not get the lane. */
async function isTold({ service, releaseId }: Here, why: string): Promise<void> {
  await until(`the run to hear that "${why}"`, async () => {
    const { stage, doing } = await service.status(releaseId);
    return stage === 'awaiting-lane' && doing.includes(why);
  });
}

/** People ask again when the engine was not there to hear them. */
function insist(what: string, ask: () => Promise<unknown>): void {
  let refused: unknown;
  const asked = () =>
    ask().then(
      () => true,
      (error: unknown) => {
        refused = error;
        return false;
      },
    );
  void until(what, asked, () => refused);
}
