/**
 * How much a file may ask of the YAML parser. It takes tens of microseconds for each value, key, bracket and line, whatever their length:
 * what blocks a process for seconds is their number, not the size in bytes. So they are counted before anything is parsed.
 */
export interface WorkBound {
  maxBytes: number;
  maxMarks: number;
}

/** Comes from repositories, and is read by the gateway between other requests: a few hundred milliseconds at the worst. */
export const pipelineBound: WorkBound = { maxBytes: 262_144, maxMarks: 10_000 };

/** The operator's own, of hundreds of services, and parsed once for each content. */
export const policyBound: WorkBound = { maxBytes: 1_048_576, maxMarks: 100_000 };

/**
 * Places where a value, a key, a list entry, a line or a comment may begin or end: the parser builds at most two nodes for each. Those inside
 * of quotes and texts are counted as well, which costs nobody anything: files that people write have hundreds.
 */
const mark = /[\n,[\]{}&*!#"']|[-?:](?=\s|$)/g;

/** Where the first mark too many is, by its offset; undefined when there are few enough. One pass over the text. */
export function markBeyond(text: string, { maxMarks }: WorkBound): number | undefined {
  let marks = 0;
  for (const { index } of text.matchAll(mark)) {
    marks += 1;
    if (marks > maxMarks) return index;
  }
  return undefined;
}
