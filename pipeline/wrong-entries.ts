import type { z } from 'zod';
import { nearest } from '../domain/nearest.ts';
import type { Finding, Path } from './problem.ts';
import { writtenList } from './written.ts';

type Issue = z.core.$ZodIssue;

/** Entries of one list that are none of the words known there are one mistake. Other issues stay alone. */
export function togetherByList(issues: readonly Issue[]): Issue[][] {
  const lists = Map.groupBy(issues.entries(), ([index, { code, path }]) => {
    const inList = code === 'invalid_value' && typeof path.at(-1) === 'number';
    return inList ? JSON.stringify(path.slice(0, -1)) : index;
  });
  return [...lists.values()].map((group) => group.map(([, issue]) => issue));
}

/** Told at the list, with the whole list as it should be where each word has a near one. */
export function wrongEntries(issues: readonly z.core.$ZodIssueInvalidValue[], path: Path, entries: unknown): Finding {
  const known = issues[0]!.values.map(String);
  const list = known.map((word) => `\`${word}\``).join(', ');
  const wrong = issues.map(({ input }) => `\`${String(input)}\``).join(', ');
  const meant = (Array.isArray(entries) ? entries : []).map((entry) =>
    known.includes(String(entry)) ? String(entry) : nearest(String(entry), known),
  );
  const correction = meant.every((word) => word !== undefined) ? writtenList(meant) : undefined;
  return { path, message: `${wrong}: each must be one of ${list}`, correction };
}
