/** One thing that is missing or wrong before a process starts, in the words of whoever runs it. `says` may have several lines. */
export interface StartProblem {
  says: string;
  next: string;
}

/** A process does not start: everything that was found, each with its next step. */
export class CannotStart extends Error {
  readonly problems: readonly StartProblem[];

  constructor(process: string, problems: readonly StartProblem[]) {
    const found = problems.length === 1 ? 'one thing is' : `${problems.length} things are`;
    super([`${process} does not start: ${found} missing or wrong`, ...problems.map(inLines)].join('\n'));
    this.name = 'CannotStart';
    this.problems = problems;
  }
}

function inLines({ says, next }: StartProblem): string {
  return `- ${says.replaceAll('\n', '\n  ')}\n  next: ${next}`;
}
