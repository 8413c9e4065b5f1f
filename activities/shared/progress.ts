/** Long work says what it is doing, line by line; the activity turns it into heartbeats. `signal` asks it to stop. */
export interface Progress {
  report(line: string): void;
  /** Of a command's output it is told every line, and not only the newest a few times a second: for whoever reads it as a log. */
  everyLine?: true;
  signal: AbortSignal;
}
