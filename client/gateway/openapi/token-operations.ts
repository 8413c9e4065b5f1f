import { tokenCreated, tokenList, tokenView } from '../../answers/tokens.ts';
import * as schemas from '../schemas.ts';
import { examples } from './examples.ts';
import type { Operation } from './operation.ts';

const path = '/v1/tokens';
const day = 86_400_000;
const { token, secret } = examples;
const { name, person, rights, services, environments } = token;
const asked = { name, person, rights, services, environments };
const mayOperate = 'For whoever may operate every lane that it names, as for `freeze`.';

export const tokenOperations: Operation[] = [
  {
    id: 'createToken',
    method: 'POST',
    path,
    needs: 'operate',
    about: 'Make a token of somebody, good for less than they are',
    notes: `${mayOperate} It has no right that they have not themselves, and \`decide\` for nobody else. Where the policy says \`excludeRequester\`, whoever has made it may not approve what is asked for by it. The token is in the answer alone: not to be repeated blindly.`,
    body: schemas.createToken,
    answers: { 201: { schema: tokenCreated, when: 'It is made.' } },
    errors: ['forbidden', 'not-found', 'conflict'],
    failures: true,
    example: {
      body: { ...asked, expiresInMs: 90 * day },
      answer: { ...token, secret },
    },
  },
  {
    id: 'listTokens',
    method: 'GET',
    path,
    needs: 'look',
    about: 'Tokens that were made',
    answers: {
      200: { schema: tokenList, when: 'That you have made, that are yours, or of which you may look at every lane.' },
    },
    failures: true,
    example: { answer: { tokens: [token] } },
  },
  {
    id: 'revokeToken',
    method: 'POST',
    path: `${path}/:name/revoke`,
    needs: 'operate',
    about: 'Make a token void',
    notes: `What you have made, or is yours; else: ${mayOperate} Lanes that the policy has no more keep nobody from it. At once, and for ever. May be repeated.`,
    parameters: { name: 'What it is called by.' },
    body: schemas.nothing,
    answers: { 200: { schema: tokenView, when: 'It is void.' } },
    errors: ['forbidden', 'not-found'],
    failures: true,
    example: {
      parameters: { name: asked.name },
      body: {},
      answer: { ...token, state: 'revoked', revokedBy: 'kim' },
    },
  },
];
