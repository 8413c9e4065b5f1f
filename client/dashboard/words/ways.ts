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
  /** In one or two words, beside the title: what makes it safe, or not. */
  mark: string;
  /** What will happen, one line for each place. */
  lines: string[];
  button: string;
  /** Of going back: what each region runs, and will. */
  regions?: RegionPreview[];
  /** Why it cannot be done; absent where it can. */
  refused?: string;
}

/** The safest first: as the run says what may be decided, with what the records say of a way back. */
export function waysOf({ status }: ReleaseView, back: RollbackPreview | undefined): Way[] {
  const may = status?.waitingFor?.decisions ?? [];
  return order.filter((kind) => may.includes(kind)).map((kind) => wayOf(kind, back));
}

const order: readonly DecisionKind[] = ['approve', 'roll-back', 'retry', 'accept-failure', 'reject', 'abort'];

function wayOf(kind: DecisionKind, back: RollbackPreview | undefined): Way {
  switch (kind) {
    case 'approve':
      return way(kind, ['good', 'pass'], 'Approve this plan', 'signs exactly this plan', 'Approve…', [
        'It is deployed as the plan says, when its turn comes.',
      ]);
    case 'roll-back':
      return wayBack(back);
    case 'retry':
      return way(kind, ['ask', 'retry'], 'Try again', 'the same step once more', 'Try again…', [
        'It fails the same way where nothing has been changed meanwhile.',
      ]);
    case 'accept-failure':
      return way(kind, ['ask', 'warn'], 'Accept the failure', 'leaves it as it is', 'Accept failure…', [
        'Nothing more is changed. The lane goes on hold until somebody clears it.',
      ]);
    case 'reject':
      return way(kind, ['stop', 'cross'], 'Reject', 'needs a reason', 'Reject…', ['It ends, and nothing is changed.']);
    case 'abort':
      return way(kind, ['stop', 'cross'], 'Abort', 'before anything is changed', 'Abort…', [
        'It ends, and nothing is changed.',
      ]);
  }
}

function wayBack(back: RollbackPreview | undefined): Way {
  const regions = back?.regions ?? [];
  const names = regions.map(({ region }) => region.toUpperCase()).join(' and ');
  const title = names === '' ? 'Roll back' : `Roll back ${names}`;
  const refusedIn = regions.filter((one) => one.kind === 'refused');
  const mark = !back
    ? 'what it goes back to is not known yet'
    : refusedIn.length > 0
      ? 'not everywhere'
      : 'schema allows';
  const tone = refusedIn.length > 0 || !back ? 'ask' : 'good';
  return {
    ...way('roll-back', [tone, tone === 'good' ? 'pass' : 'warn'], title, mark, 'Roll back…', regions.map(lineOf)),
    regions,
    ...(back?.refused !== undefined && { refused: back.refused }),
  };
}

/** Where a region goes, or why it does not. */
function lineOf(one: RegionPreview): string {
  const region = one.region.toUpperCase();
  if (one.kind === 'refused') return `${region} stays: ${one.why}.`;
  const to = [...new Set(one.targets.map(({ commit }) => shortCommit(commit)))].join(', ');
  const schema = [...new Set(one.targets.flatMap(({ schemaSince = [] }) => schemaSince))];
  const carried = schema.length > 0 ? ` It carries what was done to the schema since: ${schema.join(', ')}.` : '';
  return `${region} goes back to ${to}.${carried}`;
}

function way(
  kind: DecisionKind,
  [tone, icon]: [Tone, string],
  title: string,
  mark: string,
  button: string,
  lines: string[],
): Way {
  return { kind, tone, icon, title, mark, button, lines };
}
