import { z } from 'zod';
import { apart } from '../shared/apart.ts';
import { inBounds, readReport } from './scan-report.ts';

/** Only what a finding needs: the secret's text, which the report carries redacted, is not even read. */
const gitleaksReport = z.array(
  z.object({ RuleID: z.string().min(1), File: z.string(), StartLine: z.number().int(), EndLine: z.number().int() }),
);
export type Leak = z.infer<typeof gitleaksReport>[number];

/** In a thread of its own. Throws an Error, in words, for a report that is missing or not understood. */
export const readGitleaksReport = apart<typeof readHere>(import.meta.url, 'readHere');

export async function readHere(path: string): Promise<Leak[]> {
  return inBounds(await readReport(path, gitleaksReport));
}
