import { z } from 'zod';
import type {
  DecisionHeard,
  DecisionTaken,
  EndedBefore,
  RecordedDecision,
  ReleaseList,
  ReleaseRow,
  ReleaseView,
  RunRecorded,
  RunState,
  StartedRelease,
  Undoes,
} from '../../domain/contract/gateway.ts';
import type { Unknown } from '../../domain/not-begun.ts';
import { count, fieldsOf, hash, text, texts, time, words, yes } from './fields.ts';
import { approvals, decisionKind, releaseStatus, stage, waitingFor } from './release-status.ts';

const ended = z
  .object(
    fieldsOf<EndedBefore>()({
      outcome: text,
      summary: text.exactOptional(),
      endedAt: time.exactOptional(),
      noMore: texts.exactOptional().meta({ description: 'Where what it had verified is not what is there now.' }),
    }),
  )
  .meta({ id: 'EndedBefore', description: 'Of a run that was there already and is over: how it has ended.' });

const pageUrl = text.meta({
  description: 'Its page in the dashboard, where the gateway has pages that people log in to.',
});

export const startedRelease = z
  .object(
    fieldsOf<StartedRelease>()({
      releaseId: text,
      created: z.boolean().meta({ description: 'False: it was there already, and nothing new was started.' }),
      pageUrl: pageUrl.exactOptional(),
      temporalUrl: text.exactOptional(),
      ended: ended.exactOptional(),
    }),
  )
  .meta({ id: 'StartedRelease' });

const undoes = z
  .object(
    fieldsOf<Undoes>()({
      releaseId: text,
      number: count.exactOptional(),
      nth: count.exactOptional().meta({ description: 'Which of the rollbacks that were ordered of it, from 1.' }),
      regions: texts.exactOptional(),
      reason: text.exactOptional(),
    }),
  )
  .meta({ id: 'Undoes', description: 'Of a rollback: the release that it puts back.' });

const runState = z
  .object(fieldsOf<RunState>()({ stage, since: time, doing: text, waitingFor: waitingFor.exactOptional() }))
  .meta({ id: 'RunState' });

export const rowFields = fieldsOf<ReleaseRow>()({
  releaseId: text,
  number: count.exactOptional().meta({ description: 'What people call it by, beside its service: `shop#142`.' }),
  service: text,
  environment: text,
  commit: text,
  branch: text,
  attempt: count,
  requestedBy: text,
  byItself: z.literal(true).exactOptional().meta({
    description: 'Nobody has started it: it is promoted in the name of who asked for it where it is verified.',
  }),
  startedAt: time,
  endedAt: time.exactOptional(),
  outcome: text.exactOptional().meta({ description: 'Absent while it is open. `slipway help exit-codes` names them.' }),
  summary: text.exactOptional(),
  undoes: undoes.exactOptional(),
  state: runState
    .exactOptional()
    .meta({ description: 'In a list, of what is open, where a worker has said so in time.' }),
});

export const releaseList = z
  .object(
    fieldsOf<ReleaseList>()({
      releases: z.array(z.object(rowFields).meta({ id: 'Release' })),
      next: text.exactOptional().meta({ description: 'What asks for the next page, as `before`; absent at the end.' }),
    }),
  )
  .meta({ id: 'ReleaseList', description: 'Releases and rollbacks, the newest first.' });

const decision = z
  .object(
    fieldsOf<RecordedDecision>()({
      kind: decisionKind,
      by: text,
      at: time,
      channel: text,
      reason: text,
      planHash: text.exactOptional().meta({ description: 'The plan that was shown to whoever has decided.' }),
      refused: text.exactOptional().meta({ description: 'Why the run did not take it: it stands for nothing.' }),
    }),
  )
  .meta({ id: 'RecordedDecision' });

const recorded = z
  .object(
    fieldsOf<RunRecorded>()({
      planHash: hash.exactOptional(),
      approvals,
      changed: texts.meta({ description: 'What the run has begun to change.' }),
      decisions: z.array(decision).exactOptional(),
    }),
  )
  .meta({ id: 'RunRecorded', description: 'What is on record of it, as its steps go by it, whatever the run says.' });

export const releaseFields = fieldsOf<ReleaseView>()({
  ...rowFields,
  open: z.boolean(),
  unknown: words<Unknown>({ 'not-begun': true, elsewhere: true }).exactOptional(),
  status: releaseStatus.exactOptional().meta({ description: 'Absent when no worker answers, or the history is gone.' }),
  recorded: recorded.exactOptional(),
  troubles: texts.exactOptional(),
  why: texts.meta({ description: 'Why it is (not) moving, each with who can move it. Never empty.' }),
  pageUrl: pageUrl.exactOptional(),
  temporalUrl: text.exactOptional(),
  commitUrl: text.exactOptional().meta({ description: 'Its commit at GitHub, where its repository is there.' }),
});

export const releaseView = z.object(releaseFields).meta({ id: 'ReleaseView', description: 'How a release stands.' });

export const decisionHeard = words<DecisionHeard>({ taken: true, queued: true, unheard: true, counts: true }).meta({
  description:
    '`taken`: by the run. `queued`: no worker has answered, and it takes effect when one is back. `unheard`: whether the run has heard of it is not known. `counts`: each step goes by it, though the run says that it does not take it; with 202, but for a no.',
});

export const decisionTaken = z
  .object(
    fieldsOf<DecisionTaken>()({
      decisionId: text,
      accepted: yes,
      answer: decisionHeard,
      message: text,
    }),
  )
  .meta({ id: 'DecisionTaken' });
