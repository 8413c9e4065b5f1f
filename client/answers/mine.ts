import { z } from 'zod';
import type { DecisionKind } from '../../domain/contract/decisions.ts';
import { orderedOfLane } from '../../domain/contract/lane.ts';
import type { OrderedOfLane } from '../../domain/contract/lane.ts';
import type { Mine, MyDecisions, MyOrders } from '../../domain/contract/mine.ts';
import { fieldsOf, text, wordsOf } from './fields.ts';
import { decisionKind } from './release-status.ts';

const refused = text.meta({ description: 'Why not by whoever asks; absent where they may.' }).exactOptional();

const orderKind = wordsOf(orderedOfLane);

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
