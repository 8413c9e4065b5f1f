import { readFile, rm, stat } from 'node:fs/promises';
import { dirname, basename, join } from 'node:path';
import { failure } from '../../domain/errors/catalogue.ts';
import { confinedPath } from '../shared/confined-path.ts';
import { redact, redactedHead } from '../shared/redact.ts';
import { readJunitFile, type JunitSummary } from './junit.ts';

/** What the tests' reports say together. */
export interface TestReports extends JunitSummary {
  /** As they were but for secrets, by path; only as many as fit into 1.5 MB together. */
  files: Record<string, string>;
}

const reportBytes = 10_000_000;
const keptBytes = 1_500_000;
const shownFailures = 100;
const shownCharacters = 500;

/** Takes away reports that an earlier attempt left, so that they are not read as this one's. */
export async function clearReports(directory: string, reports: readonly string[]): Promise<void> {
  for (const report of reports) {
    const folder = await confinedPath(directory, dirname(report));
    if (folder !== undefined) await rm(join(folder, basename(report)), { force: true });
  }
}

/** Reads the reports. Throws SLIP-TEST-3 for one that is unreadable or leads out of the checkout, and for one that is missing when `required`. */
export async function readReports(
  directory: string,
  reports: readonly string[],
  required: boolean,
): Promise<TestReports> {
  const all: TestReports = { total: 0, failed: [], files: {} };
  let kept = 0;
  for (const report of reports) {
    const path = await confinedPath(directory, report);
    if (path === undefined) {
      if (required) throw failure('SLIP-TEST-3', `the tests left no report ${report}`);
      continue;
    }
    const bytes = await sizeOf(path, report);
    const summary = await summarize(path, report);
    all.total += summary.total;
    all.failed = [...all.failed, ...summary.failed].slice(0, shownFailures);
    kept += bytes;
    if (kept <= keptBytes) all.files[report] = redact(await readFile(path, 'utf8'));
  }
  return all;
}

async function sizeOf(path: string, report: string): Promise<number> {
  const found = await stat(path);
  if (!found.isFile() || found.size > reportBytes)
    throw failure('SLIP-TEST-3', `${report} is not a file of at most ${reportBytes} bytes`);
  return found.size;
}

async function summarize(path: string, report: string): Promise<JunitSummary> {
  const { total, failed } = await readJunitFile(path).catch((error: Error) => {
    throw failure('SLIP-TEST-3', `${report} is not a JUnit report: ${error.message}`);
  });
  const shown = (text: string) => redactedHead(text, shownCharacters);
  return { total, failed: failed.map(({ name, message }) => ({ name: shown(name), message: shown(message) })) };
}
