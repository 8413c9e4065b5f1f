import { z } from 'zod';
import type { DecisionKind } from '../../domain/contract/decisions.ts';
import type { OrderedOfLane } from '../../domain/contract/lane.ts';
import type { Mine, MyDecisions, MyOrders } from '../../domain/contract/mine.ts';
import { fieldsOf, text, words } from './fields.ts';
import { decisionKind } from './release-status.ts';

const refused = text.meta({ description: 'Why not by whoever asks; absent where they may.' }).exactOptional();

const orderKind = words<OrderedOfLane>({
  freeze: true,
  unfreeze: true,
  'clear-hold': true,
  'clear-ticket': true,
  tell: true,
});

export const myDecisions = z
  .object(
    fieldsOf<MyDecisions>()({
      decisions: z.array(z.object(fieldsOf<Mine<DecisionKind>>()({ kind: decisionKind, refused }))),
    }),
  )
  .meta({ id: 'MyDecisions' });

export const myOrders = z
  .object(
    fieldsOf<MyOrders>()({
      orders: z.array(z.object(fieldsOf<Mine<OrderedOfLane>>()({ kind: orderKind, refused }))),
    }),
  )
  .meta({ id: 'MyOrders' });
