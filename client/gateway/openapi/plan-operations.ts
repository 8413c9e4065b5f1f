import { plan, planCommits, verifiedBeside } from '../../answers/plans.ts';
import * as schemas from '../schemas.ts';
import { examples } from './examples.ts';
import type { Operation } from './operation.ts';

const { planHash, planBefore, releaseBefore, startedAt, commit } = examples;
const hash = { hash: 'The hash of the plan: 64 hexadecimal characters.' };
const parameters = { hash: planHash };

export const planOperations: Operation[] = [
  {
    id: 'getPlan',
    method: 'GET',
    path: '/v1/plans/:hash',
    needs: 'look',
    about: 'A plan',
    notes: 'Exactly what its hash is made of: check that before you show it to whoever approves.',
    parameters: hash,
    answers: { 200: { schema: plan, when: 'The plan.' } },
    errors: ['not-found'],
    failures: true,
    example: { parameters, answer: examples.plan },
  },
  {
    id: 'getVerifiedBeside',
    method: 'GET',
    path: '/v1/plans/:hash/verified',
    needs: 'look',
    about: 'What a plan is compared with',
    notes:
      'What was verified last where it goes to; with `release`, where that has ended, what stood there when the plan was made. Empty where nothing was.',
    parameters: hash,
    query: schemas.besideQuery,
    answers: { 200: { schema: verifiedBeside, when: 'What stands beside it.' } },
    errors: ['not-found'],
    failures: true,
    example: {
      parameters,
      answer: { verified: { planHash: planBefore, releaseId: releaseBefore, verifiedAt: startedAt - 86_400_000 } },
    },
  },
  {
    id: 'getPlanCommits',
    method: 'GET',
    path: '/v1/plans/:hash/commits',
    needs: 'look',
    about: 'The commits that a plan brings',
    parameters: hash,
    query: schemas.besideQuery,
    answers: { 200: { schema: planCommits, when: 'The newest first.' } },
    errors: ['not-found'],
    failures: true,
    example: {
      parameters,
      answer: {
        commits: [{ commit, author: 'Dana', at: startedAt - 600_000, subject: 'Show the total' }],
        more: false,
      },
    },
  },
];
