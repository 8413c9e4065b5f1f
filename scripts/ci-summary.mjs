// The last lines of .ci/run: what failed, `N on the second try`, which are among those that passed, and `N passed, N failed`, from the result files
// in the folder that is named.
// A suite that could not be loaded, a suite that left no result file and a failed check count as one failure each.
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

/** `suites`: jest's JSON, `checks`: what scripts/verify.mjs wrote; undefined where the file is missing or unreadable. */
export function summary(suites, checks) {
  const passed = suites.reduce((sum, suite) => sum + (suite?.numPassedTests ?? 0), 0);
  const failedTests = suites.reduce((sum, suite) => sum + failuresIn(suite), 0);
  const failedChecks = checks ? checks.filter((check) => !check.passed).length : 1;
  const failed = failedTests + failedChecks;
  return {
    ...{ passed, failed, good: failed === 0 && passed > 0 },
    ...{ secondTries: suites.flatMap(secondTriesOf), failures: suites.flatMap(failedIn) },
  };
}

/** The tests that have failed once, were tried again, and passed: each is named, since they are counted as passed. */
function secondTriesOf(suite) {
  const tests = (suite?.testResults ?? []).flatMap(({ assertionResults }) => assertionResults);
  return tests
    .filter(({ status, invocations }) => status === 'passed' && invocations > 1)
    .map(({ fullName }) => fullName);
}

/** What a reader of the log looks for first, where a log is cut to its end: each test and file that failed, with the beginning of why. */
function failedIn(suite) {
  return (suite?.testResults ?? []).flatMap(({ name, message, assertionResults }) => {
    const tests = assertionResults.filter(({ status }) => status === 'failed');
    const whole = [{ fullName: 'outside of its tests', failureMessages: [message] }];
    const failed = tests.length === 0 && message ? whole : tests;
    return failed.map(({ fullName, failureMessages }) => ({
      what: `${relative(process.cwd(), name)}: ${fullName}`,
      why: stripVTControlCharacters(failureMessages?.[0] ?? '')
        .split('\n')
        .slice(0, 12),
    }));
  });
}

function failuresIn(suite) {
  if (!suite) return 1;
  const failures = suite.numFailedTests + suite.numRuntimeErrorTestSuites;
  // An interrupted run, an open handle or a failing hook: jest calls the run a failure although no test is.
  return failures === 0 && (!suite.success || suite.wasInterrupted) ? 1 : failures;
}

function read(folder, name) {
  try {
    return JSON.parse(readFileSync(join(folder, name), 'utf8'));
  } catch {
    process.stdout.write(`${name} is missing: that step did not come to its end\n`);
    return undefined;
  }
}

function main(folder) {
  const suites = ['unit.json', 'chaos.json', 'browser.json', 'cluster.json'].map((name) => read(folder, name));
  const checks = read(folder, 'checks.json');
  for (const check of checks ?? []) if (!check.passed) process.stdout.write(`check failed: ${check.name}\n`);
  const { passed, failed, secondTries, failures, good } = summary(suites, checks);
  for (const { what, why } of failures) process.stdout.write(`${[`failed: ${what}`, ...why].join('\n    ')}\n`);
  for (const name of secondTries) process.stdout.write(`passed on the second try: ${name}\n`);
  process.stdout.write(`${secondTries.length} on the second try\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return good ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = main(process.argv[2]);
