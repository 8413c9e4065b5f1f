import { lstat, readFile } from 'node:fs/promises';
import type { z } from 'zod';

const maxReportBytes = 64_000_000;
/** Nobody reads more, and each of them is compared with what is excused. */
const mostFindings = 20_000;

/**
 * The tool's report, checked: one that is not understood may hide findings. It has what strangers wrote, as much of it as they like, so the
 * readers of the tools' reports are called in a thread of their own. Throws an Error in words.
 */
export async function readReport<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const found = await lstat(path).catch(() => undefined);
  // A link would have the worker read what the scanner may not.
  if (!found?.isFile()) throw new Error('the scanner left no report');
  const { size } = found;
  if (size > maxReportBytes) throw new Error(`the report has ${size} bytes; at most ${maxReportBytes} are read`);
  return parseReport(await readFile(path, 'utf8'), schema);
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
