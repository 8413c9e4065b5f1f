import type { OrderedOfLane } from '../../../domain/contract/lane.ts';
import { whoMayOrder } from '../../../domain/deciders.ts';
import { typicalDurations } from '../../answers/evidence.ts';
import { laneList, laneView } from '../../answers/lanes.ts';
import { myOrders } from '../../answers/mine.ts';
import * as schemas from '../schemas.ts';
import { examples } from './examples.ts';
import type { Operation } from './operation.ts';

const { laneOpen, laneFrozen, lane, startedAt } = examples;
const path = '/v1/lanes/:service/:environment';
const names = { service: 'As slipway.yaml names it.', environment: 'As slipway.yaml and the policy name it.' };
const onRecord = 'Signed by the gateway and stored; done from then on, whoever hears of it when.';
const mayOrder = (kind: OrderedOfLane) => `Where approval is restricted, for ${whoMayOrder(kind)}.`;

function order(name: OrderedOfLane, rest: Pick<Operation, 'id' | 'about' | 'notes' | 'body' | 'example'>): Operation {
  return {
    method: 'POST',
    path: `${path}/${name}`,
    needs: 'operate',
    parameters: names,
    answers: { 200: { schema: laneView, when: 'It is done. How the lane stands now.' } },
    errors: ['forbidden', 'not-found', 'conflict'],
    failures: true,
    ...rest,
  };
}

export const laneOperations: Operation[] = [
  {
    id: 'listLanes',
    method: 'GET',
    path: '/v1/lanes',
    needs: 'look',
    about: 'List lanes',
    notes:
      'Those of the policy that you may look at, by name, with whom each has let in and what closes it, by the records: no lane is asked. `next` of a page is `after` of the one behind it.',
    query: schemas.lanesQuery,
    answers: { 200: { schema: laneList, when: 'A page.' } },
    failures: true,
    example: {
      query: { environment: 'production', limit: '1' },
      answer: { lanes: [{ ...lane, closures: [examples.freeze] }], next: 'shop/production' },
    },
  },
  {
    id: 'getLane',
    method: 'GET',
    path,
    needs: 'look',
    about: 'How a lane stands',
    notes: 'Who holds it, who waits, what closes it, and what is verified in each region.',
    parameters: names,
    answers: { 200: { schema: laneView, when: 'As it stands now, or what is on record where nobody answers for it.' } },
    errors: ['not-found'],
    failures: true,
    example: { parameters: lane, answer: laneOpen },
  },
  {
    id: 'getMyOrders',
    method: 'GET',
    path: `${path}/mine`,
    needs: 'look',
    about: 'What you may order of a lane',
    notes: 'Each kind, by the rule that your order would be judged by now.',
    parameters: names,
    answers: { 200: { schema: myOrders, when: 'As the policy is now.' } },
    errors: ['not-found'],
    failures: true,
    example: {
      parameters: lane,
      answer: {
        orders: [
          { kind: 'freeze', refused: 'ola is not in the group approvers' },
          { kind: 'unfreeze', refused: 'ola is not in the group approvers' },
          { kind: 'clear-hold' },
          { kind: 'clear-ticket' },
          { kind: 'tell' },
        ],
      },
    },
  },
  {
    id: 'getTypicalDurations',
    method: 'GET',
    path: `${path}/typical`,
    needs: 'look',
    about: 'How long releases of a lane usually take',
    notes: 'Medians of each stage, of the last 20 runs that were verified. A minute old at most.',
    parameters: names,
    query: schemas.typicalQuery,
    answers: { 200: { schema: typicalDurations, when: 'As it is on record; no runs where none was verified.' } },
    errors: ['not-found'],
    failures: true,
    example: {
      parameters: lane,
      answer: { runs: 20, stages: [{ stage: 'building', medianMs: 94_000, runs: 18 }], wholeMs: 1_020_000 },
    },
  },
  order('freeze', {
    id: 'freezeLane',
    about: 'Freeze a lane',
    notes: `${onRecord} ${mayOrder('freeze')} Not to be repeated blindly: each is a freeze of its own.`,
    body: schemas.freezeOrder,
    example: {
      parameters: lane,
      body: { reason: 'sale until eleven', until: startedAt + 7_800_000 },
      answer: laneFrozen,
    },
  }),
  order('unfreeze', {
    id: 'unfreezeLane',
    about: 'Lift a freeze',
    notes: `${onRecord} ${mayOrder('unfreeze')} \`id\` is needed where there are several.`,
    body: schemas.liftOrder,
    example: { parameters: lane, body: { reason: 'the sale is over', id: examples.freeze.id }, answer: laneOpen },
  }),
  order('clear-hold', {
    id: 'clearHold',
    about: 'Lift a hold',
    notes: `${onRecord} ${mayOrder('clear-hold')} Look first at what the run left behind. \`id\` is needed where there are several.`,
    body: schemas.liftOrder,
    example: { parameters: lane, body: { reason: 'looked at: nothing is left' }, answer: laneOpen },
  }),
  order('clear-ticket', {
    id: 'clearTicket',
    about: 'Ignore a stray ticket',
    notes: `A stray ticket is one that no lane has given out and that stands on a Deployment (\`SLIP-K8S-24\`). ${onRecord} ${mayOrder('clear-ticket')}`,
    body: schemas.clearTicketOrder,
    example: { parameters: lane, body: { reason: 'written by hand', ticket: '9.1' }, answer: laneOpen },
  }),
  order('tell', {
    id: 'tellLane',
    about: 'Tell a lane what is on record',
    notes: `Orders nothing: delivers what it has not heard, and begins it anew where it does not run. ${mayOrder('tell')} May be repeated.`,
    body: schemas.tell,
    example: { parameters: lane, body: {}, answer: laneOpen },
  }),
];
