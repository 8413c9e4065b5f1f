import type { LaneView } from '../../../domain/contract/gateway.ts';
import type { LaneClosure, OrderedOfLane } from '../../../domain/contract/lane.ts';
import { whoMayOrder } from '../../../domain/deciders.ts';
import { tellCommand } from '../../../domain/lane-standing.ts';
import { byInWords, whyClosed } from './lane-closed.ts';
import { claimersOf, runInWords } from './lane-now.ts';
import type { LaneNow } from './lane-now.ts';
import { inShell, reasonInShell } from './shell.ts';
import { begun } from './sentence.ts';
import type { Tone } from './states.ts';

/** Something that may be ordered of a lane now: what it does, and what is to be known of it before the click. */
export interface LaneWay {
  kind: OrderedOfLane;
  tone: Tone;
  icon: string;
  title: string;
  mark: string;
  lines: string[];
  /** To be read before it is done, and told elsewhere on the page. */
  before?: string;
  button: string;
  /** What is lifted. */
  id?: string;
  /** Of little use but where a failure names it. */
  isSeldom?: true;
}

/** More than people can tell apart: the others are lifted by the command line, or once these are. */
const mostLifted = 5;

/** What opens the lane first, then what closes it, then what mends it. */
export function laneWays(view: LaneView, lane: LaneNow, most = mostLifted): LaneWay[] {
  const { closures, later } = lane;
  const lifting = [...closures, ...later].slice(0, most).flatMap((closure) => liftOf(closure, lane));
  const isTroubled = view.unheard !== undefined || view.differs !== undefined || view.unseen?.away === 'lane';
  return [...lifting, freezeOf(lane), ...(isTroubled ? [tell] : []), clearTicket];
}

/** What somebody was asked, by what follows of it now; and what has become of it meanwhile, where it is to be ordered no more. */
export function wayNow(view: LaneView, lane: LaneNow, asked: LaneWay): { way: LaneWay; says: string[]; why?: string } {
  const way = laneWays(view, lane, Infinity).find(({ kind, id }) => kind === asked.kind && id === asked.id);
  if (way) return { way, says: [] };
  if (view.untold !== undefined) return { way: asked, says: ['Whether that is still so cannot be told now.'] };
  return {
    way: asked,
    says: [],
    why: asked.kind === 'tell' ? 'The lane has heard of it meanwhile.' : 'It was lifted meanwhile.',
  };
}

function liftOf(closure: LaneClosure, lane: LaneNow): LaneWay[] {
  const { id, kind } = closure;
  const after = afterwards(lane, closure);
  const mark = after.isOpen ? undefined : 'alone it opens nothing';
  if (kind === 'hold')
    return [
      {
        ...{ kind: 'clear-hold', tone: 'ask', icon: 'warn', id, mark: mark ?? 'when somebody has looked' },
        title: 'Clear the hold',
        lines: [`Look first at what ${byInWords(closure)} has left behind.`, after.says],
        before: `Its words: ${whyClosed(closure)}.`,
        button: 'Clear the hold…',
      },
    ];
  if (kind !== 'freeze') return [];
  return [
    {
      ...{ kind: 'unfreeze', tone: 'ask', icon: 'warn', id, mark: mark ?? '' },
      title: 'Unfreeze',
      lines: [`Ends the freeze of ${byInWords(closure)}: “${whyClosed(closure)}”.`, after.says],
      button: 'Unfreeze…',
    },
  ];
}

/** What follows once this one is lifted. */
function afterwards({ closures, holder, queue }: LaneNow, lifted: LaneClosure): { isOpen: boolean; says: string } {
  const others = closures.filter((one) => !isSame(one, lifted));
  const [other] = others;
  if (other) {
    const which = other.kind === 'hold' ? `hold after ${byInWords(other)}` : `${other.kind} of ${byInWords(other)}`;
    return { isOpen: false, says: `The ${which} stays: nothing new begins.` };
  }
  if (holder) return { isOpen: true, says: `What comes next begins when ${runInWords(holder.releaseId)} has left.` };
  const [next] = claimersOf({ queue, closures: others });
  return {
    isOpen: true,
    says: next ? `Then ${runInWords(next.releaseId)} begins.` : 'Then the next release begins as soon as it is ready.',
  };
}

function isSame(one: Pick<LaneClosure, 'kind' | 'id'>, other: Pick<LaneClosure, 'kind' | 'id'>): boolean {
  return one.id === other.id && one.kind === other.kind;
}

function freezeOf({ holder, closures }: LaneNow): LaneWay {
  const isFrozen = closures.some(({ kind }) => kind === 'freeze');
  const inside = holder ? [`${runInWords(holder.releaseId)} goes on: it is in already.`] : [];
  return {
    ...{ kind: 'freeze', tone: 'good', icon: 'snow', mark: 'safe', button: 'Freeze…' },
    title: isFrozen ? 'Freeze once more' : 'Freeze',
    lines: ['Nothing new begins; rollbacks pass.', ...inside.map(begun)],
  };
}

const tell: LaneWay = {
  ...{ kind: 'tell', tone: 'good', icon: 'retry', title: 'Tell the lane', mark: 'orders nothing' },
  lines: ['The lane is told what is on record and it has not heard, and begun anew where it does not run.'],
  button: 'Tell the lane…',
};

const clearTicket: LaneWay = {
  ...{
    kind: 'clear-ticket',
    tone: 'ask',
    icon: 'warn',
    title: 'Ignore a stray ticket',
    mark: 'only where a failure names one',
  },
  lines: [
    'A ticket that no lane has given out stands on a Deployment, and keeps every change away (SLIP-K8S-24).',
    'That very ticket keeps nobody away any more. Make sure first that nobody else deploys there.',
  ],
  button: 'Ignore it…',
  isSeldom: true,
};

/** As it is filled in. */
export interface Filled {
  reason: string;
  /** When it ends by itself, ms. */
  until?: number | undefined;
  ticket?: string | undefined;
}

export function orderBody({ kind, id }: LaneWay, { reason, until, ticket }: Filled): object {
  if (kind === 'tell') return {};
  return {
    reason,
    ...(id !== undefined && { id }),
    ...(kind === 'freeze' && until !== undefined && { until }),
    ...(kind === 'clear-ticket' && { ticket: ticket ?? '' }),
  };
}

const commands: Record<Exclude<OrderedOfLane, 'tell'>, string> = {
  freeze: 'freeze',
  unfreeze: 'unfreeze',
  'clear-hold': 'lane clear-hold',
  'clear-ticket': 'lane clear-ticket',
};

/** The same in the command line. */
export function orderCommand(
  { service, environment }: Pick<LaneView, 'service' | 'environment'>,
  { kind, id }: LaneWay,
  { reason, until, ticket }: Filled,
): string {
  if (kind === 'tell') return tellCommand({ service, environment });
  const words = [
    `slipway ${commands[kind]} --service ${service} --environment ${environment}`,
    ...(id === undefined ? [] : [`--id=${inShell(id)}`]),
    ...(kind === 'freeze' && until !== undefined ? [`--until ${new Date(until).toISOString().slice(0, 16)}Z`] : []),
    ...(kind === 'clear-ticket' ? [`--ticket ${inShell(ticket || 'TICKET')}`] : []),
    `--reason ${reasonInShell(reason)}`,
  ];
  return words.join(' ');
}

export function whoMayWay({ kind }: LaneWay): string {
  return `For ${whoMayOrder(kind)}.`;
}

/** What is read once it was ordered: that it counts, and what of it is not so yet. */
export function orderedInWords({ kind }: LaneWay, { unheard, untold, unseen }: LaneView): string {
  if (kind === 'tell')
    return unseen?.away === 'begun'
      ? 'The lane begins anew from the records: it asks those who waited.'
      : 'The lane was told what is on record.';
  if (untold !== undefined) return `It is on record and in force. How the lane stands now cannot be told: ${untold}.`;
  if (unheard !== undefined) return `It is on record and in force. The lane has not heard of it yet: ${unheard}.`;
  return 'It is on record and in force.';
}

/** Whether nothing of that is left to be read: the page shows what was ordered. Which ticket is ignored it does not show. */
export function isAllSo({ kind }: LaneWay, { unheard, untold, unseen }: LaneView): boolean {
  const isShown = kind !== 'tell' && kind !== 'clear-ticket';
  return isShown && unheard === undefined && untold === undefined && unseen === undefined;
}
