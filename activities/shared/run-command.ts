import { StringDecoder } from 'node:string_decoder';
import { execa } from 'execa';
import { privateKeyFilter } from './private-keys.ts';
import type { Progress } from './progress.ts';
import { redactedHead, redactedTail } from './redact.ts';
import { seldom, type Seldom } from './seldom.ts';
import { head } from '../../domain/whole-text.ts';

export interface Command {
  program: string;
  /** One element per argument: there is no shell anywhere. */
  args: readonly string[];
  cwd?: string;
  /** Added to PATH and HOME, the only variables that pass from the worker, as its own environment may hold credentials; and to some of ours. */
  env?: Record<string, string>;
  /** Given to the command's standard input; without it the input is closed. */
  input?: string;
  /** Ends the command; none by default. */
  timeoutMs?: number;
  /** How long it may tidy up after SIGTERM before SIGKILL follows; 5 s by default. */
  graceMs?: number;
  /** Is told lines (redacted; nothing of a private key), and its signal ends the command. */
  progress?: Progress;
  /** At most this much of standard output is kept from its beginning, for reading by programs. 1 MB by default. */
  maxOutputBytes?: number;
  /** Standard output is no text: it is kept as it comes, and nobody is told lines of it. */
  outputIsBytes?: boolean;
  /** Ends the command as soon as there is more: `truncated` tells, and the exit code says nothing. */
  endWhenTruncated?: boolean;
}

export interface CommandResult {
  /** Undefined when the command did not start or was ended by a signal. */
  exitCode: number | undefined;
  /** Why the program could not be started, if it could not. */
  notStarted?: string;
  timedOut: boolean;
  stdout: Buffer;
  /** More came than `maxOutputBytes`: `stdout` is not the whole. */
  truncated: boolean;
  /** The last 16 KB of both outputs as they came, redacted. For people. */
  tail: string;
}

const tailCharacters = 16_384;
const lineCharacters = 500;
/** Held until the line ends: long enough that both ends of a key on one line are seen. */
const pendingCharacters = 65_536;
const patienceMs = 5_000;

/**
 * Runs a command to its end and answers how it ended; a bad exit code is an answer, not an error. The command gets a process group of
 * its own: on cancel or timeout SIGTERM goes to all of it, and SIGKILL a while later. When cancelled, throws the signal's reason.
 */
export async function runCommand(command: Command): Promise<CommandResult> {
  const { progress } = command;
  progress?.signal.throwIfAborted();
  const child = execa(command.program, [...command.args], {
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    ...(command.input === undefined ? { stdin: 'ignore' as const } : { input: command.input }),
    env: { ...passedEnvironment(), ...command.env },
    extendEnv: false,
    detached: true,
    buffer: false,
    reject: false,
  });
  const out = headKeeper(command.maxOutputBytes ?? 1_000_000);
  const tail = tailKeeper();
  const told = teller(progress);
  if (command.outputIsBytes) child.stdout.on('data', out.add).on('error', () => {});
  else readLines(child.stdout, (line) => (tail.add(line), told.say(line)), out.add);
  readLines(child.stderr, (line) => (tail.add(line), told.say(line)));

  const group = processGroup(child.pid, command.graceMs ?? patienceMs, () => {
    child.stdout.destroy(); // something that left the group may hold the outputs open: nobody waits for it
    child.stderr.destroy();
  });
  if (command.endWhenTruncated) child.stdout.on('data', () => out.truncated() && group.end());
  let timedOut = false;
  const timer =
    command.timeoutMs === undefined ? undefined : setTimeout(() => ((timedOut = true), group.end()), command.timeoutMs);
  const cancel = () => group.end();
  progress?.signal.addEventListener('abort', cancel, { once: true });
  try {
    const result = await child;
    told.end();
    if (progress?.signal.aborted) throw progress.signal.reason;
    const started = child.pid !== undefined;
    return {
      exitCode: result.exitCode,
      ...(started ? {} : { notStarted: startProblem(command.program, result.cause) }),
      timedOut,
      stdout: out.bytes(),
      truncated: out.truncated(),
      tail: tail.text(),
    };
  } finally {
    told.end();
    clearTimeout(timer);
    progress?.signal.removeEventListener('abort', cancel);
    group.release();
  }
}

/** One line and the end of the output: what a person needs to see of a command that did not succeed. */
export function describeResult(program: string, result: CommandResult): string {
  const how =
    result.notStarted ??
    (result.timedOut
      ? `${program} did not end in time`
      : `${program} ended with code ${result.exitCode ?? '(signal)'}`);
  return result.tail === '' ? how : `${how}:\n${result.tail}`;
}

/** Variables that no command needs to be refused. LC_ALL makes error texts the same everywhere. */
function passedEnvironment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: process.env['HOME'] ?? '/',
    LC_ALL: 'C.UTF-8',
    ...findingNoRepository,
  };
}

/**
 * For whatever a program asks git about the files that it works on: strangers wrote them, and git does what the settings of a repository say. It
 * looks for none by itself, as one is named. For a program that takes GIT_DIR away: what could be a bare repository (`HEAD`, `config`, `objects`
 * and `refs`, in any directory) is none; the name `.git` is in no checkout. A call of git says itself which repository it means.
 */
const findingNoRepository = {
  GIT_DIR: '/dev/null',
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'safe.bareRepository',
  GIT_CONFIG_VALUE_0: 'explicit',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

function startProblem(program: string, cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOENT'
    ? `${program} is not on PATH (or its directory is missing)`
    : `${program} could not be started (${code ?? 'unknown reason'})`;
}

function headKeeper(limit: number) {
  const chunks: Buffer[] = [];
  let seen = 0;
  return {
    add(chunk: Buffer) {
      if (seen < limit) chunks.push(chunk.subarray(0, limit - seen));
      seen += chunk.length;
    },
    bytes: () => Buffer.concat(chunks),
    truncated: () => seen > limit,
  };
}

/** Redacted, and cut to 500 characters: a program that never ends its line cannot fill the memory. */
const shown = (line: string) => redactedHead(line, lineCharacters).trimEnd();

function teller(progress: Progress | undefined): Seldom {
  if (!progress) return { say: () => {}, end: () => {} };
  const pass = (line: string) => progress.report(shown(line));
  return progress.everyLine ? { say: pass, end: () => {} } : seldom(pass);
}

/** Whole lines, of which only those are redacted that are left in the end: a program may write millions. */
function tailKeeper() {
  let lines: string[] = [];
  let size = 0;
  const sizeOf = (line: string) => Math.min(line.length, lineCharacters) + 1;
  return {
    add(line: string) {
      lines.push(line);
      size += sizeOf(line);
      if (size < 4 * tailCharacters) return;
      let first = 0;
      while (size > 2 * tailCharacters) size -= sizeOf(lines[first++]!);
      lines = lines.slice(first);
    },
    text: () => redactedTail(lines.map(shown).join('\n').trimEnd(), tailCharacters), // again over the whole: a name and its value may be on two lines
  };
}

/** Hands over whole lines, nothing of a private key in them. */
function readLines(
  stream: NodeJS.ReadableStream | null,
  onLine: (line: string) => void,
  onChunk?: (chunk: Buffer) => void,
): void {
  if (!stream) return;
  const decoder = new StringDecoder('utf8');
  const withoutKeys = privateKeyFilter();
  let rest = '';
  const say = (line: string) => {
    const whole = line === '' ? '' : withoutKeys(line).trimEnd();
    if (whole !== '') onLine(whole);
  };
  stream.on('data', (chunk: Buffer) => {
    onChunk?.(chunk);
    const lines = (rest + decoder.write(chunk)).split(/\r\n|\n|\r/);
    rest = head(lines.pop()!, pendingCharacters);
    lines.forEach(say);
  });
  stream.on('end', () => say(rest));
  stream.on('error', () => {}); // the command's end is told by its exit
}

const liveGroups = new Set<number>();
process.on('exit', () => liveGroups.forEach((pid) => kill(pid, 'SIGKILL'))); // a detached child would outlive a worker that leaves

function processGroup(pid: number | undefined, graceMs: number, onKilled: () => void) {
  if (pid !== undefined) liveGroups.add(pid);
  let killer: NodeJS.Timeout | undefined;
  return {
    end() {
      if (pid === undefined || killer) return;
      kill(pid, 'SIGTERM');
      killer = setTimeout(() => {
        kill(pid, 'SIGKILL');
        onKilled();
      }, graceMs);
    },
    release() {
      clearTimeout(killer);
      if (pid === undefined) return;
      if (killer) kill(pid, 'SIGKILL'); // the command has gone; what it left behind in its group goes too
      liveGroups.delete(pid);
    },
  };
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // already gone
  }
}
