import type { ErrorCode } from '../domain/errors/catalogue.ts';
import { failure } from '../domain/errors/catalogue.ts';
import type { Failure } from '../domain/errors/failure.ts';

/** Keys and list positions from the top of a file to one of its values. */
export type Path = readonly (string | number)[];

/** Both count from 1, as editors do. */
export interface Position {
  line: number;
  column: number;
}

/** One thing that is wrong in a file, in the words of the person who must correct it. */
export interface Problem extends Position {
  file: string;
  /** For example `environments.production.waves[0].regions`; empty for the file as a whole. */
  path: string;
  message: string;
  /** What to do about it, where that does not follow from the message. */
  hint?: string;
}

/** What a rule found, before anybody has looked up where in the file that is. */
export interface Finding {
  path: Path;
  message: string;
  /** Worked out only for the findings that are shown: looking for near words takes time. */
  hint?: string | undefined | (() => string | undefined);
  /** Point to the key instead of the value: for keys that should not be there. */
  atKey?: boolean;
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
  const problems = findings.slice(0, problemLimit).map(({ path, message, hint, atKey }): Problem => {
    const problem = { file, ...locate(path, atKey), path: pathText(path), message };
    const advice = typeof hint === 'function' ? hint() : hint;
    return advice === undefined ? problem : { ...problem, hint: advice };
  });
  const said = new Map(problems.map((problem) => [`${problem.line}:${problem.column}:${problem.message}`, problem]));
  return [...said.values()].sort((a, b) => a.line - b.line || a.column - b.column);
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
