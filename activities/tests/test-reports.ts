import { rm } from 'node:fs/promises';
import { dirname, basename, join } from 'node:path';
import { failure } from '../../domain/errors/catalogue.ts';
import { confinedPath } from '../shared/confined-path.ts';
import { readJunitFile, shownOf, type JunitSummary, type ReadJunit } from '../shared/junit.ts';
import { redact } from '../shared/redact.ts';

/** What the tests' reports say together. */
export interface TestReports extends JunitSummary {
  /** As they were but for secrets, by path; only as many as fit into 1.5 MB together. */
  files: Record<string, string>;
}

export const reportBytes = 10_000_000;
const keptBytes = 1_500_000;
const shownFailures = 100;

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
    const read = await readReport(directory, report);
    if ('unread' in read) {
      if (read.unread !== 'absent')
        throw failure('SLIP-TEST-3', `${report} is not a file of at most ${reportBytes} bytes`);
      if (required) throw failure('SLIP-TEST-3', `the tests left no report ${report}`);
      continue;
    }
    const summary = shownOf(read.summary);
    all.total += summary.total;
    all.failed = [...all.failed, ...summary.failed].slice(0, shownFailures);
    kept += read.bytes;
    if (read.text !== undefined && kept <= keptBytes) all.files[report] = redact(read.text);
  }
  return all;
}

function readReport(directory: string, report: string): Promise<ReadJunit> {
  return readJunitFile(directory, report, { mostBytes: reportBytes, keptBytes }).catch((error: Error) => {
    throw failure('SLIP-TEST-3', `${report} is not a JUnit report: ${error.message}`);
  });
}
