import type { ErrorCode } from '../domain/errors/catalogue.ts';
import { failure } from '../domain/errors/catalogue.ts';
import type { Failure } from '../domain/errors/failure.ts';
import { holdsSecret } from '../domain/secret-shapes.ts';
import { head } from '../domain/whole-text.ts';

/** Keys and list positions from the top of a file to one of its values. */
export type Path = readonly (string | number)[];

/** All count from 1, as editors do. */
export interface Position {
  line: number;
  column: number;
  /** Just behind what is meant, where that is a part of one line. */
  endColumn?: number;
}

/** One thing that is wrong in a file, in the words of the person who must correct it. */
export interface Problem extends Position {
  file: string;
  /** For example `environments.production.waves[0].regions`; empty for the file as a whole. */
  path: string;
  message: string;
  /** What to do about it, where that does not follow from the message. */
  hint?: string;
  /** What belongs in the place of the text from `column` to `endColumn`, where that can be known. */
  correction?: string;
}

/** What a rule found, before anybody has looked up where in the file that is. */
export interface Finding {
  path: Path;
  message: string;
  /** Worked out only for the findings that are shown: looking for near words takes time. */
  hint?: string | undefined | (() => string | undefined);
  /** Point to the key instead of the value: for keys that should not be there. */
  atKey?: boolean;
  /** What belongs in the place of the value, as it is written in the file. */
  correction?: string | undefined;
  /** `file:line` of the policy that says so. What several environments meet in the same place is told once, with all of them. */
  by?: string;
  /** What `hint` ends with: where the same is to be done for several environments, all of them. */
  hintPlace?: string;
  /** The key at `path` is not there. */
  missing?: boolean;
  /** What stands at `path` belongs a level further in: nothing else can be judged. */
  misplaced?: boolean;
  /** The key at `path` has no value. */
  empty?: boolean;
  /** What belongs there is keys and values. */
  emptyTable?: boolean;
  /** No name, where one belongs. */
  wrongName?: string;
  /** Nobody knows the key at `path`. */
  unknownKey?: boolean;
  /** The key at `path` is one of other kinds than the `kind` beside it, of which `missing` are not there. */
  ofOtherKinds?: { others: string[]; kind: string; missing: string[] };
  /** Keys beside it that are missing because of this mistake, and not for one of their own. */
  settles?: readonly string[] | undefined;
}

/** Whole lines of a file may be in a hint, and they may have thousands of characters. */
const longestHint = 600;

const secretLine = /(password|passphrase|token)["']?\s?:/i;

/** What is told goes to logs and to others: a hint that would repeat a secret of the file is left out, with the correction. */
export function withAdvice<One extends { correction?: string }>(
  problem: One,
  hint: string | undefined,
): One & { hint?: string } {
  const told = `${hint ?? ''}\n${problem.correction ?? ''}`;
  if (holdsSecret(told) || secretLine.test(told)) {
    const { correction: _, ...rest } = problem;
    return rest as One;
  }
  return hint === undefined ? problem : { ...problem, hint: head(hint, longestHint) };
}

/** More than this helps nobody, and looking each one up costs time. */
export const problemLimit = 100;

/** `environments.production.waves[0]`. */
function pathText(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

/** Finds the line and column of each finding; sorted by place, each said once, at most `problemLimit`. */
export function problemsOf(
  file: string,
  findings: readonly Finding[],
  locate: (path: Path, atKey?: boolean) => Position,
): Problem[] {
  const said = new Map<string, Said>();
  for (const { path, message, hint, atKey, correction, by, hintPlace } of findings.slice(0, problemLimit)) {
    const place = locate(path, atKey);
    const key = `${place.line}:${place.column}:${message}`;
    const fixed = correction !== undefined && place.endColumn !== undefined ? { correction } : {};
    const problem = { file, ...place, path: pathText(path), message, ...fixed };
    const one = said.get(key) ?? { problem, by: new Set(), hints: new Map<string, string[]>() };
    said.set(key, one);
    const advice = typeof hint === 'function' ? hint() : (hint ?? (correction && hintTo(path, correction)));
    if (by !== undefined) one.by.add(by);
    if (advice !== undefined)
      one.hints.set(advice, [...(one.hints.get(advice) ?? []), ...(hintPlace ? [hintPlace] : [])]);
  }
  return [...said.values()].map(complete).sort((a, b) => a.line - b.line || a.column - b.column);
}

interface Said {
  problem: Problem;
  by: Set<string>;
  /** With the places that each ends with. */
  hints: Map<string, string[]>;
}

function complete({ problem, by, hints }: Said): Problem {
  const message = by.size === 0 ? problem.message : `${problem.message} (${[...by].join(', ')})`;
  const hint = [...hints]
    .map(([advice, places]) => [advice, ...(places.length > 0 ? [places.join(', ')] : [])].join(' '))
    .join('; ');
  return withAdvice({ ...problem, message }, hints.size > 0 ? hint : undefined);
}

/** The line as it should be, without what stands around it. */
function hintTo(path: Path, correction: string): string {
  const key = path.at(-1);
  return typeof key === 'string' ? `write \`${key}: ${correction}\`` : `write \`${correction}\``;
}

/** One line per problem, `file:line:column  message`, and an indented line for its hint. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ file, line, column, message, hint }) => {
      const first = `${file}:${line}:${column}  ${message}`;
      return hint === undefined ? first : `${first}\n    ${hint}`;
    })
    .join('\n');
}

/** What is known of a refused file or release: for the engine, where a refusal must become a Failure. */
export function problemsFailure(code: ErrorCode & `SLIP-CFG-${number}`, problems: readonly Problem[]): Failure {
  const shown: string[] = [];
  let length = 0;
  // A failure's detail keeps its end when it is too long: here the first problems are the ones worth keeping.
  for (const problem of problems) {
    const text = formatProblems([problem]);
    length += text.length + 1;
    if (length > 1_900) break;
    shown.push(text);
  }
  const rest = problems.length - shown.length;
  return failure(code, rest > 0 ? [...shown, `and ${rest} more`].join('\n') : shown.join('\n'));
}
