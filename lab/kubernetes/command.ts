import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { delimiter, join } from 'node:path';

export type Progress = (line: string) => void;

export interface CommandOptions {
  cwd?: string;
  env?: Record<string, string>;
  input?: string | Buffer;
  /** Milliseconds until the command is ended; none by default. */
  timeout?: number;
  /** For long builds on a machine that does other work too. */
  background?: boolean;
}

export interface CommandResult {
  stdout: string;
  stderr: string;
}

/** A command that could not start, was ended, or left with another code than 0. Its message carries the last lines the command said. */
export class CommandFailed extends Error {
  readonly stdout: string;
  readonly stderr: string;

  constructor(command: string, args: readonly string[], reason: string, result: CommandResult) {
    const said = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-15).join('\n');
    super(`${command} ${args.slice(0, 6).join(' ')} ${reason}${said ? `:\n${said}` : ''}`);
    this.name = 'CommandFailed';
    this.stdout = result.stdout;
    this.stderr = result.stderr;
  }
}

/** Runs a command by argument array (never a shell) and answers what it printed. Throws CommandFailed. */
export function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, PATH: programPlaces().join(delimiter), ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: options.timeout,
      killSignal: 'SIGKILL',
    });
    if (options.background && child.pid !== undefined) setPriority(child.pid, 10);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    const said = () => ({ stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    child.on('error', (error) =>
      reject(new CommandFailed(command, args, `could not start (${error.message})`, said())),
    );
    child.on('close', (code, signal) => {
      if (code === 0) resolve(said());
      else
        reject(
          new CommandFailed(command, args, signal ? `was ended by ${signal}` : `failed with code ${code}`, said()),
        );
    });
    child.stdin.on('error', () => {}); // a command that leaves before reading its input says why by its exit code
    child.stdin.end(options.input);
  });
}

/** The same, where a failure is an expected answer: `undefined` instead of an error. */
export async function attempt(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult | undefined> {
  return run(command, args, options).catch(() => undefined);
}

/** PATH and, because a plain user's or a service's PATH lacks them, the places Debian keeps for root. */
export function programPlaces(): string[] {
  return [...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean), '/usr/local/sbin', '/usr/sbin', '/sbin'];
}

/** The path of a program on PATH, or in the places Debian keeps for root, or undefined. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const place of programPlaces()) {
    const path = join(place, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}
