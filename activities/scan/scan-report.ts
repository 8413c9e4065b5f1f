import { basename, dirname } from 'node:path';
import type { z } from 'zod';
import { readStrangersFile } from '../shared/strangers-file.ts';

const maxReportBytes = 64_000_000;
/** Nobody reads more, and each of them is compared with what is excused. */
const mostFindings = 20_000;

/**
 * The tool's report, checked: one that is not understood may hide findings. It has what strangers wrote, as much of it as they like, so the
 * readers of the tools' reports are called in a thread of their own. Throws an Error in words.
 */
export async function readReport<T>(path: string, schema: z.ZodType<T>, mostBytes = maxReportBytes): Promise<T> {
  const read = await readStrangersFile(dirname(path), basename(path), mostBytes);
  if ('bytes' in read) return parseReport(read.bytes.toString('utf8'), schema);
  if (read.unread === 'too large') throw new Error(`the report has more than ${mostBytes} bytes, which are read`);
  throw new Error('the scanner left no report');
}

/** As they are. Throws where there are more than are looked at. */
export function inBounds<T>(findings: T[]): T[] {
  if (findings.length <= mostFindings) return findings;
  throw new Error(`the report has ${findings.length} findings; at most ${mostFindings} are looked at`);
}

function parseReport<T>(text: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error('the report is not JSON');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(
    `the report is not in a known form: ${issue?.path.join('.') || 'report'}: ${issue?.message ?? 'not valid'}`,
  );
}
