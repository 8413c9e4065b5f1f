import { z } from 'zod';
import { insights } from '../../answers/insights.ts';
import * as schemas from '../schemas.ts';
import { insightsExample } from './insights-example.ts';
import type { Operation } from './operation.ts';

const query = { service: 'shop', environment: 'production', since: '1795996800000' };

export const insightsOperations: Operation[] = [
  {
    id: 'getInsights',
    method: 'GET',
    path: '/v1/insights',
    needs: 'look',
    about: 'How releases went',
    notes:
      'In whole weeks, counted from what is on record of the newest 5,000 releases that were asked for in them, and the newest 500 rollbacks; `more` says that there are others. How each number is counted: [insights](insights.md).',
    query: schemas.insightsQuery,
    answers: { 200: { schema: insights, when: 'As it is on record now.' } },
    failures: true,
    example: { query, answer: insightsExample },
  },
  {
    id: 'getInsightsRows',
    method: 'GET',
    path: '/v1/insights.csv',
    needs: 'look',
    about: 'The runs that those numbers are made of',
    notes: 'One row each, the newest release first, rollbacks behind them: a file to keep. Times are ISO 8601 in UTC.',
    query: schemas.insightsQuery,
    answers: { 200: { schema: z.string(), when: 'As a file.', type: 'text/csv' } },
    failures: true,
    example: {
      query,
      answer: `release,number,service,environment,commit,asked_by,committed_at,asked_at,verified_at,…
release/shop/production/4f0c2b9d7e1a68c35b0f9e2d4a7c81b6035de92f/1,142,shop,production,4f0c2b9d7e1a68c35b0f9e2d4a7c81b6035de92f,dana,2026-11-30T07:41:30.000Z,…
`,
    },
  },
];
