import { z } from 'zod';
import type { Right } from '../../domain/contract/rights.ts';
import type { TokenList, TokenView } from '../../domain/contract/tokens.ts';
import { fieldsOf, text, texts, time, words } from './fields.ts';

const right = words<Right>({ look: true, start: true, decide: true, operate: true });

const fields = fieldsOf<TokenView>()({
  name: text,
  person: text,
  rights: z.array(right),
  services: texts.readonly(),
  environments: texts.readonly(),
  createdBy: text,
  createdAt: time,
  expiresAt: time,
  state: words<TokenView['state']>({ good: true, expired: true, revoked: true }),
  revokedBy: text.exactOptional(),
});

export const tokenView = z
  .object(fields)
  .meta({ id: 'Token', description: 'A token that is good for less than its person.' });

export const tokenCreated = z
  .object({ ...fields, secret: text.meta({ description: 'The token itself. Nobody is told it a second time.' }) })
  .meta({ id: 'TokenCreated' });

export const tokenList = z
  .object(fieldsOf<TokenList>()({ tokens: z.array(tokenView) }))
  .meta({ id: 'TokenList', description: 'The newest first, a thousand at most.' });
