import { z } from 'zod';
import { auditLanes, auditPage } from '../../answers/audit.ts';
import {
  engine,
  health,
  loginOffered,
  me,
  whetherAlive,
  whetherReady,
  whetherWell,
} from '../../answers/installation.ts';
import * as schemas from '../schemas.ts';
import { examples } from './examples.ts';
import type { Operation } from './operation.ts';

const { auditRow } = examples;

export const installationOperations: Operation[] = [
  {
    id: 'listAuditLanes',
    method: 'GET',
    path: '/v1/audit',
    needs: 'look',
    about: 'Where each chain of the audit ends',
    answers: { 200: { schema: auditLanes, when: 'Those that they may look at.' } },
    failures: true,
    example: { answer: { lanes: [{ lane: auditRow.lane, n: auditRow.n, hash: auditRow.hash }], all: true } },
  },
  {
    id: 'listAuditRows',
    method: 'GET',
    path: '/v1/audit/rows',
    needs: 'look',
    about: 'Rows of one chain of the audit',
    notes: 'As stored: whoever reads them checks them. A page is of 1 MB at most; the end is where one is empty.',
    query: schemas.auditQuery,
    answers: { 200: { schema: auditPage, when: 'In their order; with `newest`, the last ones, 100 at most.' } },
    errors: ['not-found'],
    failures: true,
    example: { query: { lane: auditRow.lane, after: '6' }, answer: { rows: [auditRow] } },
  },
  {
    id: 'getEngine',
    method: 'GET',
    path: '/v1/engine',
    needs: 'look',
    about: 'Versions of the engine, and its queues',
    answers: { 200: { schema: engine, when: 'As Temporal knows them, a second old at most.' } },
    failures: true,
    example: {
      answer: {
        versions: [{ buildId: 'ab12cd34', current: true, polled: true, pinned: 2 }],
        queues: [{ role: 'engine', queue: 'engine', polled: true }],
      },
    },
  },
  {
    id: 'getLogin',
    method: 'GET',
    path: '/v1/login',
    needs: 'nothing',
    about: 'Where people log in',
    notes: 'An ID token of that identity provider, made for that client, is taken as a token: [logging in](login.md).',
    open: true,
    answers: { 200: { schema: loginOffered, when: 'The provider, or an empty object where there is none.' } },
    example: {
      answer: {
        oidc: { issuer: 'https://login.example.com', clientId: 'slipway', scopes: 'openid email offline_access' },
      },
    },
  },
  {
    id: 'getMe',
    method: 'GET',
    path: '/v1/me',
    needs: 'nothing',
    about: 'Who you are, and what you may do',
    answers: { 200: { schema: me, when: 'Whose token or session it is.' } },
    failures: true,
    example: {
      answer: {
        ...{ id: 'kim', via: 'token', groups: ['release-managers'], emails: ['kim@example.com'] },
        grants: [{ service: 'shop', environment: 'production', may: ['look', 'decide', 'operate'] }],
      },
    },
  },
  {
    id: 'getHealth',
    method: 'GET',
    path: '/v1/health',
    needs: 'look',
    about: 'What is wrong with the gateway, in words',
    answers: { 200: { schema: health, when: 'Well or not: `ok` says it.' } },
    example: { answer: { ok: true, temporal: 'ok', records: 'ok', tokens: 'ok', policy: 'ok', evidence: 'ok' } },
  },
  {
    id: 'isAlive',
    method: 'GET',
    path: '/livez',
    needs: 'nothing',
    about: 'Whether the gateway lives',
    open: true,
    answers: {
      200: { schema: whetherAlive, when: 'It answers, also while it drains, and while all it needs is away.' },
    },
    example: { answer: { live: true } },
  },
  {
    id: 'isReady',
    method: 'GET',
    path: '/readyz',
    needs: 'nothing',
    about: 'Whether requests may be sent to the gateway',
    open: true,
    answers: {
      200: { schema: whetherReady, when: 'They may. A second old at most.' },
      503: {
        schema: whetherReady,
        when: 'Not now: it is about to end, or the records, Temporal or the file of tokens cannot be used.',
      },
    },
    example: { answer: { ready: true, draining: false } },
  },
  {
    id: 'isWell',
    method: 'GET',
    path: '/healthz',
    needs: 'nothing',
    about: 'Whether the gateway is well',
    notes: 'Always 200. Whoever goes by statuses asks `/readyz`.',
    open: true,
    answers: { 200: { schema: whetherWell, when: 'Well or not: `ok` says it. A second old at most.' } },
    example: { answer: { ok: true } },
  },
  {
    id: 'getOpenApi',
    method: 'GET',
    path: '/openapi.json',
    needs: 'nothing',
    about: 'This description',
    notes:
      'OpenAPI 3.1, the same for every installation. With its `ETag` in `If-None-Match` it is not sent again: 304, without a body.',
    open: true,
    answers: { 200: { schema: z.looseObject({ openapi: z.string() }), when: 'The document.' } },
    example: { answer: { openapi: '3.1.1' } },
  },
];
