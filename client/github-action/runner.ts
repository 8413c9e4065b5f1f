import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { oneLine } from '../cli/safe-text.ts';
import { commandLine, plainLine } from './workflow-commands.ts';
import type { Properties } from './workflow-commands.ts';

/** What a step can say to the runner that runs it. Everything may be a stranger's text. */
export interface Runner {
  /** A line of the log. */
  log(line: string): void;
  /** Lines until `endGroup` are folded under this one. */
  group(title: string): void;
  endGroup(): void;
  /** Shown on top of the run, and at the line of a file. */
  annotate(level: 'error' | 'warning' | 'notice', message: string, properties?: Properties): void;
  /** From now on the runner shows stars in its place. */
  mask(secret: string): void;
  output(name: string, value: string): void;
  /** Markdown on the page of the run. */
  summary(markdown: string): void;
}

interface RunnerOptions {
  env: Record<string, string | undefined>;
  write: (text: string) => unknown;
}

export function createRunner({ env, write }: RunnerOptions): Runner {
  const say = (line: string) => void write(`${line}\n`);
  const append = (name: string, text: string) => {
    const file = env[name];
    if (file) appendFileSync(file, text);
  };
  return {
    log: (line) => say(plainLine(line)),
    group: (title) => say(commandLine('group', oneLine(title))),
    endGroup: () => say(commandLine('endgroup', '')),
    annotate: (level, message, properties) => say(commandLine(level, message, properties)),
    mask: (secret) => say(commandLine('add-mask', secret)),
    output(name, value) {
      // Nobody can end a value by what is in it who does not know this.
      const end = `end-${randomUUID()}`;
      append('GITHUB_OUTPUT', `${name}<<${end}\n${oneLine(value)}\n${end}\n`);
    },
    summary: (markdown) => append('GITHUB_STEP_SUMMARY', markdown),
  };
}
