import { inspect } from 'node:util';
import { pino } from 'pino';
import type { Logger } from 'pino';
import { visible } from '../../domain/visible.ts';
import { hidden } from './known-secrets.ts';
import { redactedHead } from './redact.ts';

export type Log = Logger;

/** `json`: a line of JSON for each thing, for programs. `text`: for people. */
export type LogForm = 'json' | 'text';

interface LogOptions {
  form: LogForm;
  level?: 'info' | 'error';
  to?: { write(text: string): unknown };
}

/** Characters. What is written is somebody's who has to read it. */
const mostText = 4_000;
const mostStack = 8_000;
const mostFields = 40;

/** Fields whose name says that what they hold is nobody's to read. */
const secretField = /authorization|cookie|token|secret|password|passphrase|signature|credential|api[-_]?key/i;

/**
 * What a process writes about itself. Every text goes by what is known of secrets, and has a bound: messages, fields, errors with their stack
 * and cause.
 */
export function createLog({ form, level = 'info', to = process.stderr }: LogOptions): Log {
  const stream = form === 'json' ? to : { write: (line: string) => to.write(asText(JSON.parse(line) as Written)) };
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      // The children of a log are asked for this by Fastify, too: what is said there is as clean by then.
      serializers: { err: (error: unknown) => error },
      formatters: { level: (label) => ({ level: label }), log: cleanFields },
      hooks: {
        // No `%s`: what looks like one stands in the text of somebody else.
        logMethod([first, second], method) {
          if (typeof first !== 'object' || first === null) return method.call(this, {}, clean(String(first)));
          const fields = first instanceof Error ? { err: first } : (first as Record<string, unknown>);
          const said = second ?? messageOf(fields['err']);
          method.call(this, fields, ...(said === undefined ? [] : [clean(inWords(said))]));
        },
      },
    },
    stream,
  );
}

/** As the operator says; else JSON for whoever collects it, and text for whoever sits in front of it. */
export function logFormIn(env: Record<string, string | undefined>, isTerminal = process.stderr.isTTY): LogForm {
  const asked = env['SLIPWAY_LOG'];
  return asked === 'json' || asked === 'text' ? asked : isTerminal ? 'text' : 'json';
}

const clean = (text: string) => redactedHead(text, mostText);
const inWords = (said: unknown) => (typeof said === 'string' ? said : inspect(said));
const messageOf = (error: unknown) => (error instanceof Error ? error.message : undefined);

function cleanFields(fields: Record<string, unknown>): Record<string, unknown> {
  const all = Object.entries(fields).slice(0, mostFields);
  return Object.fromEntries(
    all.map(([name, value]) => [name, secretField.test(name) && value !== undefined ? hidden : cleanValue(value)]),
  );
}

function cleanValue(value: unknown): unknown {
  if (value === undefined || value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'string') return clean(value);
  if (value instanceof Error) return errorFields(value);
  return clean(inspect(value, { depth: 3, breakLength: Infinity, maxStringLength: mostText, maxArrayLength: 20 }));
}

function errorFields(error: Error): Record<string, string> {
  const { code } = error as NodeJS.ErrnoException;
  const cause = messageOf(error.cause);
  return {
    type: clean(error.name),
    message: clean(error.message),
    ...(typeof code === 'string' && { code: clean(code) }),
    ...(error.stack !== undefined && { stack: redactedHead(error.stack, mostStack) }),
    ...(cause !== undefined && { cause: clean(cause) }),
  };
}

interface Written {
  time: string;
  level: string;
  pid: number;
  msg?: string;
  err?: { message: string; stack?: string };
}

function asText({ time, level, pid: _pid, msg = '', err, ...fields }: Written): string {
  const others = Object.entries(fields).map(([name, value]) => ` ${name}=${visible(String(value))}`);
  // What stands in it may be a stranger's: none of it begins a line that looks like ours, or tells the terminal what to do.
  const stack =
    err === undefined ? [] : (err.stack ?? err.message).split('\n').map((line) => `    ${visible(line.trim())}`);
  return [`${time} [${level.toUpperCase()}] ${visible(msg)}${others.join('')}`, ...stack, ''].join('\n');
}
