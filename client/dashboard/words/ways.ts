import type { RegionPreview, ReleaseView, RollbackPreview } from '../../../domain/contract/gateway.ts';
import type { DecisionKind } from '../../../domain/contract/decisions.ts';
import { shortCommit } from '../../cli/words.ts';
import type { Tone } from './states.ts';

/** Something that a person may do now: what it does, and what is to be known of it before the click. */
export interface Way {
  kind: DecisionKind;
  tone: Tone;
  icon: string;
  title: string;
  /** In a few words, beside the title: what makes it safe, or not. */
  mark: string;
  /** What will happen, one line for each place. */
  lines: string[];
  button: string;
  /** Of going back: what each region runs, and will. */
  regions?: RegionPreview[];
  /** Why it cannot be done now; absent where it can. */
  refused?: string;
}

/** Whether the run says that this may be decided now. */
export function mayBeDecided({ status }: Pick<ReleaseView, 'status'>, kind: DecisionKind): boolean {
  return status?.waitingFor?.decisions?.includes(kind) ?? false;
}

/** What is known of a way back: `error`: why it cannot be told. Neither, while it is asked. */
export interface WayBack {
  preview?: RollbackPreview | undefined;
  error?: Error | null | undefined;
}

/** The safest first: as the run says what may be decided, with what the records say of a way back. */
export function waysOf(view: Pick<ReleaseView, 'status'>, back: WayBack = {}): Way[] {
  return order
    .filter((kind) => mayBeDecided(view, kind))
    .map((kind) => (kind === 'roll-back' ? wayBack(back) : others[kind]));
}

const order: readonly DecisionKind[] = ['approve', 'roll-back', 'retry', 'accept-failure', 'reject', 'abort'];
export const onHold = 'The lane goes on hold: no other release goes in until somebody clears that.';

const others: Record<Exclude<DecisionKind, 'roll-back'>, Way> = {
  approve: {
    ...{ kind: 'approve', tone: 'good', icon: 'pass', title: 'Approve this plan', button: 'Approve…' },
    mark: 'signs exactly this plan',
    lines: ['It is deployed as the plan says, when its turn comes.'],
  },
  retry: {
    ...{ kind: 'retry', tone: 'ask', icon: 'retry', title: 'Try again', button: 'Try again…' },
    mark: 'the same step once more',
    lines: ['It fails the same way where nothing has been changed meanwhile.'],
  },
  'accept-failure': {
    ...{ kind: 'accept-failure', tone: 'ask', icon: 'warn', title: 'Accept the failure', button: 'Accept failure…' },
    mark: 'leaves it as it is',
    lines: [`Nothing more is changed. ${onHold}`],
  },
  reject: {
    ...{ kind: 'reject', tone: 'stop', icon: 'cross', title: 'Reject', button: 'Reject…' },
    mark: 'needs a reason',
    lines: ['It ends, and nothing is changed.'],
  },
  abort: {
    ...{ kind: 'abort', tone: 'stop', icon: 'cross', title: 'Abort', button: 'Abort…' },
    mark: 'before anything is changed',
    lines: ['It ends, and nothing is changed.'],
  },
};

function wayBack({ preview, error }: WayBack): Way {
  const regions = preview?.regions ?? [];
  const going = regions.filter(({ kind }) => kind === 'go');
  const names = going.map(({ region }) => region.toUpperCase()).join(' and ');
  const isWhole = going.length > 0 && going.length === regions.length;
  const refused = whyNoWayBack({ preview, error }, going.length);
  const isSafe = isWhole && refused === undefined;
  return {
    kind: 'roll-back',
    ...(isSafe ? { tone: 'good', icon: 'pass' } : { tone: 'ask', icon: 'warn' }),
    title: names === '' ? 'Roll back' : `Roll back ${names}`,
    mark: isSafe ? 'schema allows' : going.length > 0 ? 'not everywhere' : '',
    lines: [...regions.map(lineOf), ...(going.length > 0 ? [onHold] : [])],
    button: 'Roll back…',
    regions,
    ...(refused !== undefined && { refused }),
  };
}

function whyNoWayBack({ preview, error }: WayBack, going: number): string | undefined {
  if (error) return `what it would go back to cannot be told: ${error.message}`;
  if (!preview) return 'what it would go back to is being asked';
  if (preview.refused !== undefined) return preview.refused;
  return going === 0 ? 'no region has anything to go back to' : undefined;
}

/** Where a region goes, or why it does not. */
export function lineOf(one: RegionPreview): string {
  const region = one.region.toUpperCase();
  if (one.kind === 'refused') return `${region} stays as it is: ${one.why}.`;
  const to = [...new Set(one.targets.map(({ commit }) => shortCommit(commit)))].join(', ');
  const schema = [...new Set(one.targets.flatMap(({ schemaSince = [] }) => schemaSince))];
  const carried =
    schema.length > 0 ? ` That version runs with what was done to the schema since: ${schema.join(', ')}.` : '';
  return `${region} goes back to ${to}.${carried}`;
}
