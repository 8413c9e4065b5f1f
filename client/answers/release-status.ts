import { z } from 'zod';
import { decisionKinds } from '../../domain/contract/decisions.ts';
import type { MigrationOutline } from '../../domain/contract/outline.ts';
import type { Artifact, ImageOrigin, PromotedFrom, Ticket } from '../../domain/contract/release.ts';
import { stages } from '../../domain/contract/status.ts';
import type {
  ComponentStatus,
  FailingStep,
  RegionPhase,
  RegionStatus,
  ReleaseStatus,
  StageTiming,
  WaitingFor,
  Widening,
} from '../../domain/contract/status.ts';
import type { Check, Verdict } from '../../domain/contract/verdicts.ts';
import { blame, failureDetails } from './failures.ts';
import { count, fieldsOf, hash, image, text, texts, time, words, wordsOf } from './fields.ts';

/** What a run says of itself. */

export const decisionKind = wordsOf(decisionKinds);

export const stage = wordsOf(stages);
export const verdict = words<Verdict>({ pass: true, fail: true, inconclusive: true });
export const origin = words<ImageOrigin>({ built: true, given: true, unchanged: true, promoted: true });

export const ticket = z.object(fieldsOf<Ticket>()({ incarnation: count, n: count })).meta({ id: 'Ticket' });

const widening = z
  .object(fieldsOf<Widening>()({ at: time, to: texts }))
  .meta({ id: 'Widening', description: 'Groups that may approve it, too, from then on.' });

export const waitingFor = z
  .object(
    fieldsOf<WaitingFor>()({
      what: text,
      who: text.meta({ description: 'Who can move it.' }),
      until: time.exactOptional(),
      decisions: z.array(decisionKind).exactOptional(),
      since: time.exactOptional().meta({ description: 'Of an approval.' }),
      remindsAt: time.exactOptional().meta({ description: 'When people are reminded of it next.' }),
      widens: widening.exactOptional(),
    }),
  )
  .meta({ id: 'WaitingFor' });

export const approvals = z.array(z.object({ by: text, at: time, channel: text }));

const check = z
  .object(
    fieldsOf<Check>()({
      name: text,
      verdict,
      summary: text,
      blame: blame.exactOptional(),
      unseen: text
        .exactOptional()
        .meta({ description: 'Of a `pass`: the component that stands there scaled to zero.' }),
    }),
  )
  .meta({ id: 'Check' });

export const regionPhase = words<RegionPhase>({
  pending: true,
  deploying: true,
  deployed: true,
  verified: true,
  unproven: true,
  failed: true,
  interrupted: true,
  'rolling-back': true,
  'rolled-back': true,
  'partly-back': true,
  unknown: true,
  unchanged: true,
});

const component = z.object(
  fieldsOf<ComponentStatus>()({ component: text, image, phase: regionPhase, since: time.exactOptional(), note: text }),
);

const region = z
  .object(
    fieldsOf<RegionStatus>()({
      region: text,
      phase: regionPhase,
      begunAt: time.exactOptional(),
      since: time.exactOptional(),
      note: text.exactOptional(),
      components: z.array(component),
    }),
  )
  .meta({ id: 'RegionStatus' });

const promoted = z.object(fieldsOf<PromotedFrom>()({ environment: text, releaseId: text })).meta({
  id: 'PromotedFrom',
  description: 'Where an image comes from that was not built, and which release has verified it there.',
});

const artifact = z
  .object(
    fieldsOf<Artifact>()({
      component: text,
      image,
      origin,
      promoted: promoted.exactOptional(),
      given: z.literal(true).exactOptional(),
    }),
  )
  .meta({ id: 'Artifact' });

const migration = z
  .object(
    fieldsOf<MigrationOutline>()({
      database: text,
      region: text,
      component: text,
      pending: texts.meta({ description: 'The oldest 20 at most; `count` says how many there are.' }),
      count,
      contracting: texts,
      unplanned: z.boolean(),
      timeoutMs: z.number(),
    }),
  )
  .meta({ id: 'MigrationOutline' });

const failing = z
  .object(
    fieldsOf<FailingStep>()({
      step: text,
      failure: failureDetails,
      since: time,
      triedAgainAt: time,
      heldUntil: time.exactOptional(),
    }),
  )
  .meta({ id: 'FailingStep', description: 'A step that has failed and is tried again by the run itself.' });

const timing = z
  .object(fieldsOf<StageTiming>()({ stage, startedAt: time, endedAt: time.exactOptional() }))
  .meta({ id: 'StageTiming' });

export const log = z.array(z.object({ at: time, line: text }));
export const checks = z.array(check);

export const releaseStatus = z
  .object(
    fieldsOf<ReleaseStatus>()({
      releaseId: text,
      stage,
      doing: text,
      waitingFor: waitingFor.exactOptional(),
      planHash: hash.exactOptional(),
      artifacts: z.array(artifact),
      migrations: z.array(migration),
      regions: z.array(region),
      checks,
      timings: z.array(timing),
      approvals,
      warnings: texts.exactOptional(),
      failure: failureDetails.exactOptional(),
      failing: z.array(failing).exactOptional(),
      ticket: ticket.exactOptional(),
      log: log.meta({ description: 'The newest 200 lines at most, the oldest first.' }),
    }),
  )
  .meta({ id: 'ReleaseStatus', description: 'What the run says of itself.' });
