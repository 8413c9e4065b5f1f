import type { ReleaseRow, Undoes } from '../../../domain/contract/gateway.ts';
import { outcomes } from '../../../domain/outcomes.ts';
import { shortName } from '../../../domain/short-names.ts';
import { visible } from '../../../domain/visible.ts';
import { firstSentence } from '../../../domain/whole-text.ts';
import { longAgo } from '../../cli/words.ts';
import type { Named } from './address.ts';
import { searchOf } from './address.ts';

/** What the history may be filtered by, as it stands in the address. */
const filters = ['service', 'environment', 'number', 'outcome', 'open', 'by', 'commit', 'since'] as const;

/** Ends that may be chosen; `open` is none of them. */
export const knownOutcomes = Object.keys(outcomes);

export const sinceChoices = [
  { text: '24h', words: 'the last 24 hours' },
  { text: '7d', words: 'the last 7 days' },
  { text: '30d', words: 'the last 30 days' },
] as const;

/** Of an address, those alone. */
export function filtersIn(named: Named): Named {
  return Object.fromEntries(filters.flatMap((name) => (named[name] ? [[name, named[name]]] : [])));
}

const pageSize = '50';

/** What the gateway is asked. `now`: what `7d` counts from. */
export function historyQuery({ since = '', ...named }: Named, now: number): string {
  const from = longAgo(since, now) ?? since;
  return searchOf({ ...named, limit: pageSize, ...(since !== '' && { since: String(from) }) }).slice(1);
}

/** What a run was, beside its name: of one that puts something back, what, where and why. */
export function undoesInWords({ undoes }: Pick<ReleaseRow, 'undoes'>, service: string): string | undefined {
  if (!undoes) return undefined;
  const where = undoes.regions ? ` in ${undoes.regions.join(', ')}` : '';
  const why = undoes.reason ? `: “${visible(firstSentence(undoes.reason))}”` : '';
  return `puts back ${undoneName(undoes, service)}${visible(where)}${why}`;
}

function undoneName({ number, releaseId }: Undoes, service: string): string {
  return number === undefined ? visible(releaseId) : `${service}#${number}`;
}

/** Two runs that were chosen to be compared: the older one first. */
export type Chosen = readonly ReleaseRow[];

export const mostChosen = 2;

/** Why those cannot be compared yet; undefined where they can. */
export function whyNotCompare(chosen: Chosen): string | undefined {
  if (chosen.length < mostChosen)
    return `Choose ${mostChosen - chosen.length === 1 ? 'one more' : 'two runs'} to compare.`;
  const [one, other] = chosen as [ReleaseRow, ReleaseRow];
  return one.service === other.service ? undefined : 'Only runs of one service are compared.';
}

export function comparedPair(chosen: Chosen): { a: string; b: string } {
  const [a, b] = chosen.toSorted((one, other) => one.startedAt - other.startedAt);
  return { a: a?.releaseId ?? '', b: b?.releaseId ?? '' };
}

export function chosenInWords(chosen: Chosen): string {
  return chosen.map(shortName).join(' and ');
}
