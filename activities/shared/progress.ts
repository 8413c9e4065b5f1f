/** Long work says what it is doing, line by line; the activity turns it into heartbeats. `signal` asks it to stop. */
export interface Progress {
  report(line: string): void;
  signal: AbortSignal;
}
