import type { ReleaseView } from '../../domain/contract/gateway.ts';
import { columnsOf, foldedToRead } from './layout.ts';
import { regionsInShort, renderRegions } from './render-regions.ts';
import { stagesBeside } from './render-stages.ts';
import {
  checkLines,
  checksInShort,
  decisionLines,
  failureLines,
  heading,
  logLines,
  troubleLines,
  waitingLines,
  type RenderOptions,
} from './render-status.ts';

interface LiveOptions extends RenderOptions {
  /** Rows that it may take. */
  rows: number;
}

/** A part of the picture in the forms that it may have, from all of it to the least. */
type Forms = string[][];

const mostLog = 10;

/**
 * An open release as it goes by, in so many rows: the way it goes above, regions × components, then what it waits for and who can move it.
 * `untold`: the failure, where there is no room for all of its words; it is to be said elsewhere, whole. Pure.
 */
export function renderLive(view: ReleaseView, options: LiveOptions): { lines: string[]; untold: string[] } {
  const { colors, width } = options;
  const folded = (lines: string[]) => lines.flatMap((line) => foldedToRead(line, width));
  const { status } = view;
  const failure = status?.failure ? folded(failureLines(status.failure, options)) : [];
  const parts = {
    heading: [folded(heading(view, options))],
    stages: status ? newestOf(stagesBeside(view, status, options)) : [[]],
    regions: status ? regionForms(view, options).map(folded) : [[]],
    checks: status?.checks.length ? [checkLines, checksInShort].map((one) => folded(one(status, options))) : [[]],
    failure: failure.length > 1 ? [failure, failure.slice(0, 1)] : [failure],
    trouble: [folded(troubleLines(view, options))],
    decided: [folded(decisionLines(view, options)), []],
    waits: [folded(waitingLines(view, options))],
    log: logForms(view, options).map(folded),
    end: [[colors.dim('Ctrl-C ends the following; the release goes on.')]],
  };
  const givesWay: Forms[] = [parts.log, parts.decided, parts.checks, parts.failure, parts.stages, parts.regions];
  const { lines, chosen } = arranged(Object.values(parts), givesWay, options);
  return { lines, untold: chosen.has(failure) ? [] : failure };
}

/** The newest of many stages: a run that was held often has gone through them often. */
function newestOf(lines: string[]): Forms {
  return lines.length > 2 ? [lines, lines.slice(-2)] : [lines];
}

function regionForms({ status }: ReleaseView, options: RenderOptions): Forms {
  const regions = status?.regions ?? [];
  const all = renderRegions(regions, options);
  const short = regionsInShort(regions, options);
  return regions.length > 0 && short.length < all.length ? [all, short] : [all];
}

/** One line less each time. */
function logForms({ status }: ReleaseView, options: RenderOptions): Forms {
  if (!status) return [[]];
  return Array.from({ length: mostLog + 1 }, (_, less) => logLines(status, { ...options, logLines: mostLog - less }));
}

interface Arranged {
  lines: string[];
  chosen: Set<string[]>;
}

/** With an empty line between two parts, where there is room for that. */
function arranged(parts: Forms[], givesWay: Forms[], { rows, width, colors }: LiveOptions): Arranged {
  const fits = (lines: string[]) => rowsOf(lines, width + 1) <= rows;
  for (const between of [[''], []]) {
    const chosen = fitted(parts, givesWay, (forms) => fits(linesOf(forms, between)));
    const lines = linesOf([...chosen], between);
    if (fits(lines)) return { lines, chosen };
  }
  const lines = linesOf([...parts.map((forms) => forms.at(-1)!)], []);
  while (lines.length > 0 && rowsOf(lines, width + 1) >= rows) lines.pop();
  return { lines: [...lines, colors.dim('… this window is too small for the rest')], chosen: new Set() };
}

/** The form that each part gets: what gives way gives all that it can before the next has to. */
function fitted(parts: Forms[], givesWay: Forms[], fits: (chosen: string[][]) => boolean): Set<string[]> {
  const chosen = new Map(parts.map((forms) => [forms, forms[0]!]));
  for (const forms of givesWay) {
    for (const form of forms.slice(1)) {
      if (fits([...chosen.values()])) return new Set(chosen.values());
      chosen.set(forms, form);
    }
  }
  return new Set(chosen.values());
}

function linesOf(parts: string[][], between: string[]): string[] {
  const shown = parts.filter((part) => part.length > 0);
  return shown.flatMap((part, at) => (at === 0 ? part : [...between, ...part]));
}

/** Rows that lines take in a terminal, where those that are too long go on in the next. */
export function rowsOf(lines: readonly string[], columns: number): number {
  return lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(columnsOf(line) / columns)), 0);
}
