import { z } from 'zod';
import type {
  ApprovalMeasure,
  Dora,
  Insights,
  StepMeasure,
  TargetMeasure,
  TargetName,
  TargetState,
  Trouble,
  WeekMeasure,
  WeekNumber,
} from '../../domain/contract/insights.ts';
import { targetNames } from '../../domain/contract/insights.ts';
import { count, fieldsOf, text, texts, time, words, wordsOf, yes } from './fields.ts';

const ms = z.number().min(0).meta({ description: 'Milliseconds.' });
const part = z.number().min(0).max(1).meta({ description: 'Between 0 and 1.' });

const target = z
  .object(
    fieldsOf<TargetMeasure>()({
      name: wordsOf<TargetName>(targetNames),
      state: words<TargetState>({ holds: true, slips: true, missed: true, 'no-data': true, 'not-measured': true }),
      limitMs: ms,
      count: count.meta({ description: 'How many were counted.' }),
      medianMs: ms.exactOptional(),
      met: part.exactOptional(),
      trend: words<'growing' | 'falling' | 'steady'>({ growing: true, falling: true, steady: true }).exactOptional(),
      leftOut: count.exactOptional().meta({ description: 'Verified, and what is needed to count them is not known.' }),
      weeks: z.array(z.object({ from: time, ms })),
    }),
  )
  .meta({ id: 'TargetMeasure', description: 'One of the five time targets: medians without what was waited for.' });

const week = z
  .object(
    fieldsOf<WeekMeasure>()({
      from: time,
      verified: count,
      count: count.meta({ description: 'So many of them are in the medians.' }),
      beforeMs: ms.exactOptional().meta({ description: 'From the commit until its release was asked for.' }),
      machinesMs: ms.exactOptional(),
      peopleMs: ms.exactOptional(),
      laneMs: ms.exactOptional(),
    }),
  )
  .meta({ id: 'WeekMeasure', description: 'From commit to production, in the middle: of each part its own median.' });

const numbers = z.array(z.object(fieldsOf<WeekNumber>()({ from: time, value: z.number() })).meta({ id: 'WeekNumber' }));

const dora = z
  .object(
    fieldsOf<Dora>()({
      deployments: z.object({ count, perWeek: z.number().min(0), weeks: numbers }),
      leadTime: z.object({ count, medianMs: ms.exactOptional(), waitedMs: ms.exactOptional(), weeks: numbers }),
      failed: z.object({
        changed: count.meta({ description: 'Releases that have changed something, and ended.' }),
        count,
        putBackLater: count.meta({ description: 'Of those: ordered back later, whether or not that is done.' }),
        share: part.exactOptional(),
        endedBefore: count.meta({ description: 'Others failed before they had changed anything: not counted.' }),
        weeks: numbers,
      }),
      restore: z.object({
        count,
        medianMs: ms.exactOptional(),
        peopleMs: ms.exactOptional(),
        notYet: count,
        weeks: numbers,
      }),
    }),
  )
  .meta({ id: 'Dora' });

const step = z
  .object(
    fieldsOf<StepMeasure>()({
      kind: words<StepMeasure['kind']>({ stage: true, region: true }),
      name: text,
      count,
      medianMs: ms,
      mostMs: ms.meta({ description: 'Nine of ten take no longer.' }),
    }),
  )
  .meta({ id: 'StepMeasure' });

const approvals = z
  .object(
    fieldsOf<ApprovalMeasure>()({
      count,
      medianMs: ms.exactOptional(),
      buckets: z.array(z.object({ underMs: ms.exactOptional(), count })),
    }),
  )
  .meta({ id: 'ApprovalMeasure', description: 'From when an approval was asked for until its last yes.' });

const ended = words<Trouble['ended']>({
  held: true,
  'rolled-back': true,
  halted: true,
  'put-back': true,
  'ordered-back': true,
  other: true,
});

const trouble = z
  .object(
    fieldsOf<Trouble>()({
      releaseId: text,
      number: count.exactOptional(),
      service: text,
      environment: text,
      commit: text,
      regions: texts,
      at: time,
      code: text.exactOptional(),
      cause: text,
      ended,
      restoredMs: ms
        .exactOptional()
        .meta({ description: 'Absent where what runs there is not well yet, by the records.' }),
      peopleMs: ms.exactOptional(),
    }),
  )
  .meta({ id: 'Trouble', description: 'What failed in front of people.' });

export const insights = z
  .object(
    fieldsOf<Insights>()({
      since: time,
      until: time,
      service: text.exactOptional(),
      environment: text.exactOptional(),
      counted: words<Insights['counted']>({ 'as-asked': true, production: true, all: true }),
      lookedAt: count,
      more: yes.exactOptional().meta({ description: 'Older ones of these weeks were not looked at.' }),
      moreOrders: yes.exactOptional().meta({ description: 'Of orders to roll back only the newest were looked at.' }),
      unread: count.exactOptional().meta({ description: 'Have ended, and how cannot be read.' }),
      firstAt: time.exactOptional(),
      services: count,
      targets: z.array(target),
      weeks: z.array(week),
      dora,
      steps: z.array(step),
      approvals,
      troubles: z.array(trouble),
      moreTroubles: count.exactOptional(),
    }),
  )
  .meta({ id: 'Insights', description: 'How releases went in some weeks: docs/insights.md says how each is counted.' });
