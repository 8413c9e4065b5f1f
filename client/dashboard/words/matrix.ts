import { laneInPath } from '../../../domain/contract/names.ts';
import type { LaneClosed, LaneOverview, OpenRun, Overview, RegionOverview } from '../../../domain/contract/overview.ts';
import type { RegionPhase } from '../../../domain/contract/status.ts';
import { visible } from '../../../domain/visible.ts';
import { firstSentence } from '../../../domain/whole-text.ts';
import { lineOf } from './standing.ts';
import { shownPhase, shownRecord } from './states.ts';
import type { Shown } from './states.ts';

/** By what people look for cells. Every other word is shown, and not sought. */
export const kinds = ['held', 'waiting', 'deploying', 'unknown', 'revoked', 'behind'] as const;
export type Kind = (typeof kinds)[number];

export interface Column {
  environment: string;
  regions: string[];
}

/** What one region of a lane shows, or several that agree. */
export interface Cell {
  /** As the style sheet has it: the tone of the cell. */
  state: string;
  shown: Shown;
  /** Its run, or the release that was verified there. */
  releaseId?: string;
  commit: string;
  /** Where components are of several commits: each commit with its components, the newest first. */
  versions?: string[];
  words: string;
  by: string;
  at?: number;
  behind: string;
}

export interface Placed {
  environment: string;
  regions: string[];
  /** How many columns it takes. */
  span: number;
  /** Absent where nothing is on record. */
  cell?: Cell;
  /** Nothing to do there, and not the last environment: left out where there is little room. */
  isCalm: boolean;
}

export interface Row {
  service: string;
  /** Of the last environment that it has. */
  environment: string;
  components: number;
  closed: { environment: string; closed: LaneClosed }[];
  cells: Placed[];
  kinds: readonly Kind[];
  hasToDo: boolean;
  /** What is sought in, in lower case. */
  text: string;
  /** The same as long as the row shows the same. */
  key: string;
}

export interface Matrix {
  columns: Column[];
  /** Those with something to do first. */
  rows: Row[];
}

export function matrixOf({ lanes, environments, runs }: Overview): Matrix {
  const runsOf = Map.groupBy(runs, laneInPath);
  const columns = environments.map((environment) => ({ environment, regions: regionsIn(lanes, runs, environment) }));
  const byService = Map.groupBy(lanes, ({ service }) => service);
  const rows = [...byService].map(([service, own]) => rowOf(service, own, { columns, runsOf }));
  return { columns, rows: rows.sort((a, b) => Number(b.hasToDo) - Number(a.hasToDo)) };
}

function regionsIn(lanes: readonly LaneOverview[], runs: readonly OpenRun[], environment: string): string[] {
  const known = lanes.filter((lane) => lane.environment === environment).flatMap(({ regions }) => regions);
  const said = runs.filter((run) => run.environment === environment).flatMap(({ regions = [] }) => regions);
  return [...new Set([...known, ...said].map(({ region }) => region))].sort();
}

function rowOf(
  service: string,
  lanes: readonly LaneOverview[],
  { columns, runsOf }: { columns: readonly Column[]; runsOf: ReadonlyMap<string, OpenRun[]> },
): Row {
  const last = columns.at(-1)?.environment;
  const cells = columns.flatMap(({ environment, regions }) => {
    const lane = lanes.find((one) => one.environment === environment);
    const placed = placedIn(
      environment,
      regions,
      (region) =>
        lane &&
        cellOf(
          lane.regions.find((one) => one.region === region),
          region,
          runsOf.get(laneInPath(lane)) ?? [],
        ),
    );
    return placed.map((one) => ({
      ...one,
      isCalm: environment !== last && (!one.cell || one.cell.state === 'verified'),
    }));
  });
  const closed = lanes.flatMap(({ environment, closed: by = [] }) => {
    // A hold says most: somebody has to lift it.
    const first = by.find(({ kind }) => kind === 'hold') ?? by[0];
    return first ? [{ environment, closed: first }] : [];
  });
  const shown = cells.flatMap(({ cell }) => cell ?? []);
  const own = kinds.filter((kind) =>
    shown.some((cell) => (kind === 'behind' ? cell.behind !== '' : cell.state === kind)),
  );
  const environment = lanes.at(-1)?.environment ?? '';
  const row = {
    ...{ service, environment, closed, cells, kinds: own },
    components: lanes.flatMap(({ regions }) => regions).reduce((most, { components }) => Math.max(most, components), 0),
    hasToDo: closed.length > 0 || own.some((kind) => kind !== 'behind'),
    text: [service, ...shown.flatMap(({ commit, versions = [], by, words }) => [commit, ...versions, by, words])]
      .join('\n')
      .toLowerCase(),
  };
  return { ...row, key: JSON.stringify(row) };
}

/** Regions beside each other that show the same share one cell. */
function placedIn(
  environment: string,
  regions: readonly string[],
  cellIn: (region: string | undefined) => Cell | undefined,
): Omit<Placed, 'isCalm'>[] {
  if (regions.length === 0) return [one(environment, [], 1, cellIn(undefined))];
  const placed: Omit<Placed, 'isCalm'>[] = [];
  for (const region of regions) {
    const cell = cellIn(region);
    const before = placed.at(-1);
    if (before && JSON.stringify(before.cell) === JSON.stringify(cell)) {
      before.regions.push(region);
      before.span += 1;
    } else placed.push(one(environment, [region], 1, cell));
  }
  return placed;
}

function one(environment: string, regions: string[], span: number, cell: Cell | undefined): Omit<Placed, 'isCalm'> {
  return { environment, regions, span, ...(cell && { cell }) };
}

function cellOf(
  there: RegionOverview | undefined,
  region: string | undefined,
  runs: readonly OpenRun[],
): Cell | undefined {
  const run = runs.find((each) => isChanging(each, region)) ?? runs.at(-1);
  const base = there && recordedCell(there);
  if (!run) return base;
  const phase = run.regions?.find((each) => each.region === region)?.phase;
  if (phase !== undefined && !untouched.includes(phase)) return changedCell(run, phase, base);
  if (phase === undefined && run.regions && run.regions.length > 0 && region !== undefined) return base;
  return aheadCell(run, base);
}

const untouched = ['pending', 'unchanged'];

function isChanging({ regions = [] }: OpenRun, region: string | undefined): boolean {
  return regions.some((each) => each.region === region && !untouched.includes(each.phase));
}

function recordedCell({ state, release, versions, why, behind }: RegionOverview): Cell {
  return {
    state,
    shown: shownRecord(state),
    ...(release && { releaseId: release.releaseId, at: release.verifiedAt }),
    commit: release?.commit ?? '',
    // Of what is revoked, or not known, it is no answer how many there are.
    ...(versions &&
      state === 'verified' && {
        versions: versions.map(({ commit, components }) => visible(`${inCell(commit)}: ${components.join(', ')}`)),
      }),
    words: visible(why ?? ''),
    by: visible(release?.requestedBy ?? ''),
    behind: behind ? `${behind.releases} behind ${behind.environment}` : '',
  };
}

/** Where a run has begun to change something: what it says of that. */
function changedCell(run: OpenRun, phase: RegionPhase, base: Cell | undefined): Cell {
  const { shown, says, beside } = lineOf(run);
  const own = shownPhase(phase);
  const isHeld = run.state?.stage === 'held' && own.tone !== 'good' && own.tone !== 'live';
  const stands = isHeld ? shown : own;
  const was = before(run, base);
  const way = goesBack(run) ? backTo(run, phase, was) : from(base);
  return {
    ...ofRun(run),
    // What the run had brought there is gone.
    ...(phase === 'rolled-back' && { commit: was?.commit ?? '', ...versionsOf(was) }),
    state: stateOf(stands),
    shown: stands,
    words: isHeld ? shortly(says || beside) : own.tone === 'good' ? 'by the run that is open' : way,
    behind: '',
  };
}

/** Where a run has changed nothing yet: what is there, and what is to come. */
function aheadCell(run: OpenRun, base: Cell | undefined): Cell | undefined {
  // What it has not brought there it brings there no more, and what it will take away is still there.
  if (goesBack(run)) return base;
  const { shown, says, beside } = lineOf(run);
  const next = `next: ${inCell(run.commit)}, ${lower(shortly(says || beside))}`;
  const isUntold = run.state === undefined;
  if (!base) return { ...ofRun(run), state: stateOf(shown), shown, words: shortly(says || beside), behind: '' };
  // What is there is not known: that comes first, whatever is to come.
  if (base.state !== 'verified') return base;
  if (isUntold) return { ...base, words: next };
  return {
    ...ofRun(run),
    commit: base.commit,
    ...versionsOf(base),
    state: stateOf(shown),
    shown,
    words: next,
    behind: base.behind,
  };
}

function ofRun({ releaseId, commit, requestedBy, startedAt }: OpenRun) {
  return { releaseId, commit, by: visible(requestedBy), at: startedAt };
}

const versionsOf = (base: Cell | undefined) => base?.versions && { versions: base.versions };

const from = (base: Cell | undefined) => (base && base.commit !== '' ? `from ${whatIsIn(base)}` : '');

const back: readonly RegionPhase[] = ['rolling-back', 'rolled-back', 'partly-back'];

/** A rollback, and a release that takes back what it has brought. */
function goesBack({ undoes, state, regions = [] }: OpenRun): boolean {
  return undoes !== undefined || state?.stage === 'rolling-back' || regions.some(({ phase }) => back.includes(phase));
}

/** What a run goes back to, as far as that is on record: before a release it is what was verified last, of a rollback that is what it takes away. */
function before({ undoes }: OpenRun, base: Cell | undefined): Cell | undefined {
  return undoes || !base || base.state === 'revoked' || base.commit === '' ? undefined : base;
}

function backTo(run: OpenRun, phase: RegionPhase, was: Cell | undefined): string {
  if (phase !== 'rolled-back') return `back to ${was ? whatIsIn(was) : 'what was before'}`;
  return was ? `back from ${inCell(run.commit)}` : 'what was before';
}

/** The commit that is there; of several the newest, and how many more. */
export function whatIsIn({ commit, versions }: Pick<Cell, 'commit' | 'versions'>): string {
  return versions ? `${inCell(commit)} +${versions.length - 1}` : inCell(commit);
}

/** All of what a cell has no room for. */
export function titleOf({ versions = [], words }: Pick<Cell, 'versions' | 'words'>): string {
  return [...versions, words].filter(Boolean).map(visible).join('; ');
}

/** As much of a commit as a cell has room for. */
function inCell(commit: string): string {
  return commit.slice(0, 7);
}

/** Without the full stop: it stands in a cell. */
function shortly(words: string): string {
  return firstSentence(words).replace(/\.$/, '');
}

/** In the middle of a line. A name in capitals stays one. */
function lower(words: string): string {
  return /^[A-Z][a-z]/.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words;
}

function stateOf({ icon, tone, word }: Shown): string {
  if (tone === 'stop') return 'held';
  if (tone === 'ask') return 'waiting';
  if (tone === 'live') return 'deploying';
  return tone === 'good' ? 'verified' : icon === 'unknown' || tone === 'mute' ? 'unknown' : word;
}

/** What is asked for by the address. A word that nobody knows keeps nothing out. */
export interface Sought {
  state: Kind | undefined;
  find: string;
}

export function soughtIn({ state, find = '' }: Partial<Record<string, string>>): Sought {
  return { state: kinds.find((kind) => kind === state), find: find.trim().toLowerCase() };
}

export function isSought({ kinds: own, text }: Row, { state, find }: Sought): boolean {
  return (state === undefined || own.includes(state)) && text.includes(find);
}

/** How many rows each of the chips would show. */
export function countsOf(rows: readonly Row[]): Record<Kind, number> {
  const counts = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>;
  for (const row of rows) for (const kind of row.kinds) counts[kind] += 1;
  return counts;
}
