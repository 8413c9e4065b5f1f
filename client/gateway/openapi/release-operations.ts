import { z } from 'zod';
import { decisionTaken, releaseList, releaseView, startedRelease } from '../../answers/releases.ts';
import { evidenceLog, releaseEvidence } from '../../answers/evidence.ts';
import { myDecisions } from '../../answers/mine.ts';
import { rollbackPreview } from '../../answers/plans.ts';
import * as schemas from '../schemas.ts';
import { examples } from './examples.ts';
import type { Operation } from './operation.ts';

const { releaseId, rollbackId, decisionId, view } = examples;
const id = { id: 'The id of the run. It contains slashes: encode them (`%2F`).' };

export const releaseOperations: Operation[] = [
  {
    id: 'startRelease',
    method: 'POST',
    path: '/v1/releases',
    needs: 'start',
    about: 'Start a release',
    notes:
      'May be repeated: the same request key is the same request, and answers with the same run. A commit that has a run already answers with that one, unless `newAttempt` is said.',
    body: schemas.startRelease,
    answers: {
      201: { schema: startedRelease, when: 'It was started.' },
      200: {
        schema: startedRelease,
        when: 'The request key, or the commit, has a run already; `ended` says how that has ended.',
      },
    },
    errors: ['asked-otherwise', 'older-commit', 'conflict', 'used-credential', 'forbidden', 'not-found'],
    failures: true,
    example: {
      body: examples.start,
      answer: { releaseId, created: true, pageUrl: view.pageUrl, temporalUrl: view.temporalUrl },
    },
  },
  {
    id: 'listReleases',
    method: 'GET',
    path: '/v1/releases',
    needs: 'look',
    about: 'List releases and rollbacks',
    notes: 'The newest first. `next` of a page is `before` of the one after it.',
    query: schemas.listQuery,
    answers: { 200: { schema: releaseList, when: 'A page.' } },
    errors: ['not-found'],
    failures: true,
    example: {
      query: { service: 'shop', open: 'true', limit: '1' },
      answer: {
        releases: [
          {
            ...examples.row,
            state: {
              stage: 'awaiting-approval',
              since: examples.startedAt + 95_000,
              doing: 'waits for an approval',
              waitingFor: examples.waitingFor,
            },
          },
        ],
        next: '142.0',
      },
    },
  },
  {
    id: 'getRelease',
    method: 'GET',
    path: '/v1/releases/:id',
    needs: 'look',
    about: 'How a release or a rollback stands',
    notes: 'Where no worker answers, `status` is absent, and what is on record is told.',
    parameters: id,
    answers: { 200: { schema: releaseView, when: 'As it stands now.' } },
    errors: ['not-found'],
    failures: true,
    example: { parameters: { id: releaseId }, answer: view },
  },
  {
    id: 'getEvidence',
    method: 'GET',
    path: '/v1/releases/:id/evidence',
    needs: 'look',
    about: 'What a release was scanned and tested with',
    notes: 'As the steps have kept it, without the logs. Findings of scans, failed tests and texts are bounded.',
    parameters: id,
    answers: { 200: { schema: releaseEvidence, when: 'What is on record.' } },
    errors: ['not-found'],
    failures: true,
    example: { parameters: { id: releaseId }, answer: examples.evidence },
  },
  {
    id: 'getEvidenceLog',
    method: 'GET',
    path: '/v1/releases/:id/evidence/log',
    needs: 'look',
    about: 'One log of a release',
    notes: 'Of its tests, a report of theirs, or a migration: its end, 200 KB at most.',
    parameters: id,
    query: schemas.logQuery,
    answers: { 200: { schema: evidenceLog, when: 'It is there.' } },
    errors: ['not-found'],
    failures: true,
    example: {
      parameters: { id: releaseId },
      query: { of: 'migration/shop' },
      answer: { of: 'migration/shop', text: 'Applying 0002_product_weight... OK\n' },
    },
  },
  {
    id: 'watchRelease',
    method: 'GET',
    path: '/v1/releases/:id/events',
    needs: 'look',
    about: 'How a release or a rollback goes on',
    notes: `Server-sent events, until it has ended. \`release\`: how it stands, as \`GET /v1/releases/:id\` has it, at once and whenever that has changed.
\`trouble\`: an [Error](#error), when it cannot be looked at; the stream goes on, and the next \`release\` says that it can be again. \`end\`: the last one, with the
\`outcome\`. Other events may come: pass over them. A comment comes every 15 s; where nothing has come for three times as long, the connection is gone. Whoever asks again with the \`id\` of
the last \`release\` that they have seen in \`Last-Event-ID\` gets what came behind it, as far as the gateway has it, and at least how it stands now where that is another. A token that is
taken away ends its streams.`,
    parameters: id,
    answers: { 200: { schema: z.string(), when: 'Events, as they come.', type: 'text/event-stream' } },
    errors: ['not-found'],
    failures: true,
    example: { parameters: { id: releaseId }, answer: examples.events },
  },
  {
    id: 'decide',
    method: 'POST',
    path: '/v1/releases/:id/decisions',
    needs: 'decide',
    about: 'Decide about a release that is open',
    notes:
      'Signed by the gateway and stored before the run hears of it. May be repeated: the same `decisionId` counts once. An `approve` is of the plan in force; of another one it is refused, and not stored. A `reject` counts in any case. Who may decide what, the policy says.',
    parameters: id,
    body: schemas.decide,
    answers: {
      200: { schema: decisionTaken, when: 'It is stored, and counts.' },
      202: { schema: decisionTaken, when: 'Each step goes by it, though the run says that it does not take it.' },
    },
    errors: ['forbidden', 'not-found', 'conflict'],
    failures: true,
    example: {
      parameters: { id: releaseId },
      body: examples.decide,
      answer: { decisionId, accepted: true, answer: 'taken', message: 'the run has taken it' },
    },
  },
  {
    id: 'getMyDecisions',
    method: 'GET',
    path: '/v1/releases/:id/mine',
    needs: 'look',
    about: 'What you may decide about a run',
    notes:
      'Each kind, by the rule that your decision would be judged by now. Whether the run waits for it says `waitingFor.decisions` of its status.',
    parameters: id,
    answers: { 200: { schema: myDecisions, when: 'As the policy and the records are now.' } },
    errors: ['not-found'],
    failures: true,
    example: {
      parameters: { id: releaseId },
      answer: {
        decisions: [
          { kind: 'approve', refused: 'dana is not in the group approvers' },
          { kind: 'reject' },
          { kind: 'abort' },
          { kind: 'roll-back' },
          { kind: 'accept-failure' },
          { kind: 'retry' },
        ],
      },
    },
  },
  {
    id: 'previewRollback',
    method: 'GET',
    path: '/v1/rollbacks/preview',
    needs: 'look',
    about: 'What a rollback would do',
    notes: 'By the records as they are now; whether images are still in their registries is asked when it goes back.',
    query: schemas.previewQuery,
    answers: { 200: { schema: rollbackPreview, when: 'Region by region.' } },
    errors: ['not-found', 'conflict'],
    failures: true,
    example: { query: { release: releaseId, region: 'eu-west' }, answer: examples.preview },
  },
  {
    id: 'startRollback',
    method: 'POST',
    path: '/v1/rollbacks',
    needs: 'decide',
    about: 'Roll back a release that has ended',
    notes:
      'A run of its own. May be repeated: the same `decisionId` is the same order. One that is open is told to, by a decision.',
    body: schemas.startRollback,
    answers: { 201: { schema: startedRelease, when: 'It was ordered, now or before.' } },
    errors: ['forbidden', 'not-found', 'conflict'],
    failures: true,
    example: { body: examples.rollback, answer: { releaseId: rollbackId, created: true } },
  },
];
