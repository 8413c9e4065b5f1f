import { z } from 'zod';
import type { LaneList, LaneRow, LaneView, LeftBehind } from '../../domain/contract/gateway.ts';
import type {
  ClosureKind,
  LaneClosure,
  LaneHolder,
  LaneMember,
  LaneMemory,
  MemberKind,
} from '../../domain/contract/lane.ts';
import type { DeliveredArtifact } from '../../domain/contract/delivery.ts';
import type { QueuePolicy, VerifiedRelease } from '../../domain/contract/release.ts';
import type { LaneStatus } from '../../domain/contract/status.ts';
import type { EngineAway } from '../../domain/engine-away.ts';
import { asWritten, count, fieldsOf, hash, image, text, texts, time, words, yes } from './fields.ts';
import { ticket } from './release-status.ts';

const memberFields = fieldsOf<LaneMember>()({
  releaseId: text,
  kind: words<MemberKind>({ release: true, rollback: true }),
  commit: text,
  queue: words<QueuePolicy>({ supersede: true, fifo: true }),
  joinedAt: time,
});

const passage = z.union([
  z.object({ kind: z.literal('run'), releaseId: text }),
  z.object({ kind: z.literal('rollback') }),
]);

const closure = z
  .object(
    fieldsOf<LaneClosure>()({
      id: text,
      kind: words<ClosureKind>({ hold: true, freeze: true, window: true }),
      scope: z.object({ service: text, environment: text }),
      from: time,
      until: time.exactOptional(),
      passes: z.array(passage).meta({ description: 'Who is let in all the same.' }),
      by: text,
      reason: text,
      unprovenKey: text.exactOptional().meta({
        description:
          'Of a freeze: the id of the key that its order names, and that is not known here. Who ordered it cannot be told.',
      }),
    }),
  )
  .meta({ id: 'Closure', description: 'Why nobody new is let in.' });

const status = z
  .object(
    fieldsOf<LaneStatus>()({
      holder: z.object({ releaseId: text, ticket, since: time }).exactOptional(),
      queue: z.array(z.object({ ...memberFields, claiming: z.boolean() })),
      closures: z.array(closure),
      lastTicket: ticket,
    }),
  )
  .meta({ id: 'LaneStatus' });

const holder = z.object(fieldsOf<LaneHolder>()({ member: z.object(memberFields), ticket, since: time }));

const memory = z.object(
  fieldsOf<LaneMemory>()({ holder: holder.exactOptional(), closures: z.array(closure), waiting: texts }),
);

const verifiedRelease = z
  .object(
    fieldsOf<VerifiedRelease>()({
      service: text,
      environment: text,
      region: text,
      component: text,
      image,
      artifact: asWritten<DeliveredArtifact>(),
      commit: text,
      releaseId: text,
      planHash: hash,
      verifiedAt: time,
      state: words<VerifiedRelease['state']>({ verified: true, proven: true, revoked: true }),
      unseen: yes.exactOptional(),
    }),
  )
  .meta({ id: 'VerifiedRelease' });

const leftBehind = z
  .object(
    fieldsOf<LeftBehind>()({
      region: text,
      component: text,
      image: image.exactOptional(),
      artifact: text.exactOptional(),
      releaseId: text,
      outcome: text.exactOptional(),
    }),
  )
  .meta({ id: 'LeftBehind', description: 'Where something else may run than what is verified there.' });

const away = words<EngineAway>({ temporal: true, workers: true, lane: true, begun: true, unknown: true });

export const laneView = z
  .object(
    fieldsOf<LaneView>()({
      service: text,
      environment: text,
      status: status.exactOptional(),
      moreClosures: count.exactOptional(),
      differs: texts
        .exactOptional()
        .meta({ description: 'Where the lane says otherwise of itself than is on record.' }),
      waysOut: texts.exactOptional(),
      unheard: text.exactOptional().meta({ description: 'The order is in force, and did not reach the lane: why.' }),
      untold: text
        .exactOptional()
        .meta({ description: 'The order is in force; how the lane stands cannot be told: why.' }),
      unseen: z.object({ away: away.exactOptional(), recorded: memory.exactOptional() }).exactOptional(),
      holderEnded: z.object({ outcome: text.exactOptional() }).exactOptional(),
      inventory: z.array(verifiedRelease).meta({ description: 'What is verified in each region.' }),
      leftBehind: z.array(leftBehind).exactOptional(),
    }),
  )
  .meta({
    id: 'LaneView',
    description: 'How a lane stands: who holds it, who waits, what closes it, what is verified there.',
  });

const laneRow = z
  .object(
    fieldsOf<LaneRow>()({
      service: text,
      environment: text,
      holder: z.object({ releaseId: text, ticket, since: time }).exactOptional(),
      closures: z.array(closure),
      moreClosures: count.exactOptional(),
      untold: yes.exactOptional(),
    }),
  )
  .meta({ id: 'LaneRow', description: 'What is on record of a lane: whom it has let in, and what closes it.' });

export const laneList = z
  .object(fieldsOf<LaneList>()({ lanes: z.array(laneRow), next: text.exactOptional() }))
  .meta({ id: 'LaneList' });
