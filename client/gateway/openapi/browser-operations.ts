import { z } from 'zod';
import { loggedOut } from '../../answers/installation.ts';
import * as schemas from '../schemas.ts';
import type { Operation } from './operation.ts';

const elsewhere = z.null();
const setUp = 'Where it is set up: [logging in](login.md#with-a-browser).';

export const browserOperations: Operation[] = [
  {
    id: 'beginLogin',
    method: 'GET',
    path: '/auth/login',
    needs: 'nothing',
    about: 'Log in with a browser',
    notes: `For people to go to, and not for programs. ${setUp}`,
    open: true,
    query: schemas.loginQuery,
    answers: { 302: { schema: elsewhere, when: 'To the identity provider.', type: 'nothing' } },
    errors: ['not-found', 'too-many-requests', 'unavailable'],
    example: { query: { to: '/' }, answer: null },
  },
  {
    id: 'finishLogin',
    method: 'GET',
    path: '/auth/callback',
    needs: 'nothing',
    about: 'Where the identity provider sends browsers back to',
    notes: 'Good once, for the browser that has begun it, and for ten minutes.',
    open: true,
    answers: { 302: { schema: elsewhere, when: 'To where it was to go, with a session.', type: 'nothing' } },
    errors: ['bad-credential', 'stranger', 'not-found', 'too-many-requests', 'unavailable'],
    failures: true,
    example: { answer: null },
  },
  {
    id: 'logOut',
    method: 'POST',
    path: '/auth/logout',
    needs: 'nothing',
    about: 'End the session of this browser',
    notes: 'With the headers that a session needs (above). At the identity provider somebody stays logged in.',
    body: schemas.nothing,
    answers: { 200: { schema: loggedOut, when: 'It is good for nothing any more.' } },
    errors: ['not-found'],
    failures: true,
    example: { body: {}, answer: {} },
  },
];
