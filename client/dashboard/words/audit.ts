import type { ChainedEntry } from '../../../domain/audit-chain.ts';
import { commitOfRelease, laneOfLane, laneOfRun } from '../../../domain/contract/names.ts';
import { stepNamed, stepWords } from '../../../domain/step-words.ts';
import { visible } from '../../../domain/visible.ts';
import { head } from '../../../domain/whole-text.ts';
import { plural } from '../../cli/words.ts';

/** What a row says, for people. */
export interface RowInWords {
  what: string;
  /** Of a step: how far it was. */
  how?: 'begun' | 'done' | 'failed';
  who: string;
  /** The run that has done it, or that it is about. */
  run?: string;
  facts: Fact[];
  /** It was refused, or failed. */
  isNo: boolean;
}

export interface Fact {
  name: string;
  text: string;
  /** A digest or a hash: to copy. */
  isHash?: true;
  /** ms. */
  at?: number;
}

const mostText = 300;
const mostFacts = 20;

export function rowInWords({ what, who, facts }: Pick<ChainedEntry, 'what' | 'who' | 'facts'>): RowInWords {
  const [, step, how] = /^(\w{1,60}) (begun|done|failed)$/.exec(what) ?? [];
  const isStep = step !== undefined && Object.hasOwn(stepWords, step);
  const [, decided, refused] = /^decision ([\w-]{1,40})( refused)?$/.exec(what) ?? [];
  const run = runIn(who, facts);
  const about = aboutIn(facts);
  const told = [
    ...(isStep ? about.told : []),
    ...(run !== undefined && facts['releaseId'] === run ? ['releaseId'] : []),
  ];
  return {
    what: isStep
      ? [stepNamed(step), ...about.says].join(': ')
      : decided !== undefined
        ? decidedInWords(decided, refused)
        : short(what),
    ...(isStep && { how: how as 'begun' | 'done' | 'failed' }),
    who: laneOfRun(who) ? runInWords(who) : laneOfLane(who) ? 'the lane' : short(who),
    ...(run !== undefined && { run }),
    facts: factsIn(without(facts, told)),
    isNo: how === 'failed' || refused !== undefined,
  };
}

/** What a step is about, in facts. */
const places = ['component', 'database', 'region', 'regions'];

/** Of which component or database, where, as far as a row has it: `core in nl`. `told`: the facts that this says whole. */
function aboutIn(facts: Record<string, unknown>): { says: string[]; told: string[] } {
  const named = places.map((name) => ({ name, texts: textsIn(facts[name]) }));
  const [what, where] = [named.slice(0, 2), named.slice(2)].map((some) => some.flatMap(({ texts = [] }) => texts));
  const about = [
    ...(what!.length > 0 ? [what!.join(', ')] : []),
    ...(where!.length > 0 ? [`in ${where!.join(', ')}`] : []),
  ].join(' ');
  if (about === '') return { says: [], told: [] };
  const isWhole = about.length <= mostText;
  return { says: [short(about)], told: isWhole ? named.flatMap(({ name, texts }) => (texts ? [name] : [])) : [] };
}

/** Undefined of what is no text, or not all of it. */
function textsIn(value: unknown): string[] | undefined {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  const texts = all.filter((one): one is string => typeof one === 'string');
  return texts.length === all.length ? texts : undefined;
}

function without(facts: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !names.includes(name)));
}

function decidedInWords(kind: string, refused: string | undefined): string {
  return `${kind.replaceAll('-', ' ')}${refused === undefined ? '' : ', and it was refused'}`;
}

function runIn(who: string, facts: Record<string, unknown>): string | undefined {
  return [facts['releaseId'], who].find(
    (one): one is string => typeof one === 'string' && laneOfRun(one) !== undefined,
  );
}

/** `run of 3f9c2e1, attempt 2`; of what carries out an order its whole name. */
function runInWords(id: string): string {
  const commit = commitOfRelease(id);
  if (commit === undefined) return short(id);
  const attempt = id.split('/').at(-1);
  return `run of ${commit.slice(0, 7)}${attempt === '1' ? '' : `, attempt ${attempt}`}`;
}

function factsIn(facts: Record<string, unknown>): Fact[] {
  const told = Object.entries(facts).filter(([name, value]) => !isNothing(name, value, facts));
  const all = told.map(([name, value]) => factIn(name, value));
  const left = all.length - mostFacts;
  return left > 0 ? [...all.slice(0, mostFacts), { name: 'and', text: `${left} more` }] : all;
}

/** The first try is what everybody expects, what nobody has said is nothing to say, and what an image is, its digest says. */
function isNothing(name: string, value: unknown, { image }: Record<string, unknown>): boolean {
  if (name === 'attempt') return value === 1;
  if (name === 'artifact' && typeof value === 'string' && typeof image === 'string') return image.endsWith(`@${value}`);
  if (Array.isArray(value)) return value.length === 0;
  return value === null || value === undefined || value === '';
}

function factIn(named: string, value: unknown): Fact {
  const name = short(named.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase());
  if (typeof value === 'number' && /^(until|at|.*At)$/.test(named) && Math.abs(value) <= 8.64e15)
    return { name, text: '', at: value };
  if (typeof value === 'string' && /^([^\s@]{1,500}@)?(sha256:)?[0-9a-f]{64}$/.test(value))
    return { name, text: value, isHash: true };
  if (typeof value === 'string' && laneOfRun(value)) return { name, text: runInWords(value) };
  if (named === 'commit' && typeof value === 'string') return { name, text: short(value.slice(0, 7)) };
  return { name, text: short(textOf(value)) };
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map((one) => textOf(one)).join(', ') : JSON.stringify(value);
}

function short(text: string): string {
  return visible(head(text, mostText));
}

/** Whether somebody looks for this row: in all that it shows, small and large letters alike. */
export function isFound(row: ChainedEntry, find: string): boolean {
  const wanted = find.trim().toLowerCase();
  if (wanted === '') return true;
  const words = rowInWords(row);
  const said = [row.what, row.who, words.what, words.how, words.who, `${row.n}`, JSON.stringify(row.facts)];
  return wanted.split(/\s+/).every((word) => said.some((one) => one?.toLowerCase().includes(word)));
}

/** Rows from behind `after` up to `to`. */
export interface Window {
  after: number;
  to: number;
}

/** So many rows are read and shown at once. */
export const windowRows = 100;

/** The windows that show a chain from its end down to `after`, the newest first; each the same one whenever it is asked for. */
export function windowsOf(last: number, after: number): Window[] {
  const windows: Window[] = [];
  for (let to = last; to > after;) {
    const below = Math.floor((to - 1) / windowRows) * windowRows;
    windows.push({ after: below, to });
    to = below;
  }
  return windows;
}

/** Where the rows that are shown begin: as the address says, or the last hundred or so. Never more than are read at a time. */
export function shownAfter(last: number, said: string | undefined): number {
  const newest = Math.max(0, (Math.ceil(last / windowRows) - 2) * windowRows);
  const wanted = /^\d{1,12}$/.test(said ?? '') ? Number(said) : newest;
  const furthest = Math.max(0, newest - mostWindows * windowRows);
  return Math.min(newest, Math.max(wanted, furthest));
}

/** What the address says, so that this row is shown. */
export function shownFrom(n: number): string {
  return `${Math.max(0, Math.floor((n - 1) / windowRows) * windowRows)}`;
}

/** What a page holds without becoming slow. */
const mostWindows = 50;

/** Numbers that are missing between two rows that are shown one after the other, the newer first. */
export function missingBetween(newer: number, older: number): string | undefined {
  const missing = newer - older - 1;
  if (missing < 1) return undefined;
  return missing === 1 ? `Row ${newer - 1} is not there.` : `Rows ${older + 1} to ${newer - 1} are not there.`;
}

/** `shop/production` of `shop/production@build`, and whose chain it is: of a kind of process, where each has its own. */
export function chainInWords(chain: string): { lane: string; writer?: string } {
  const at = chain.lastIndexOf('@');
  return at < 0 ? { lane: short(chain) } : { lane: short(chain.slice(0, at)), writer: short(chain.slice(at + 1)) };
}

export function rowsInWords(count: number): string {
  return plural(count, 'row').replace(/^\d+/, (digits) => Number(digits).toLocaleString('en-GB'));
}
