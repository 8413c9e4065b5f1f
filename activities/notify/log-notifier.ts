import { oncePerKey } from './once-per-key.ts';
import type { Notifier } from './port.ts';

/** One line per notification, as JSON. `write` gets it without a line break; standard output by default. */
export function createLogNotifier({ write = writeLine }: { write?: (line: string) => void } = {}): Notifier {
  return oncePerKey(async ({ key, event, level, title, facts }) =>
    write(JSON.stringify({ notification: title, event, level, key, facts })),
  );
}

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
