// In which order jest runs the test files: first what failed last time and what needs nothing, whose answer comes within seconds, then the
// others, the longest first,
// so that none of them begins when the rest is done. Lengths as recorded on this machine; on a fresh one, roughly, by folder.
import { relative } from 'node:path';
import TestSequencer from '@jest/test-sequencer';

/** Seconds of a file on an idle machine, by the beginning of its path; the longest beginning that fits counts. */
const estimates = {
  'test/': 4,
  'test/chaos/': 65,
  'test/chaos/rolling-upgrade.test.ts': 140,
  'test/chaos/worker-killed.test.ts': 95,
  'test/chaos/upgrade-held.test.ts': 150,
  'test/chaos/helpers.test.ts': 8,
  'test/chaos/engine-replaced.test.ts': 35,
  'test/lab/demo.test.ts': 45,
  'test/e2e/': 40,
  'test/scripts/pack.test.ts': 12,
  'test/client/cli/completion-shells.test.ts': 12,
  'test/security/': 25,
  'test/security/authority-real.test.ts': 45,
  'test/security/strangers-text.test.ts': 28,
  'test/security/hostile-trees.test.ts': 28,
  'test/contract/records-rights.test.ts': 17,
  'test/activities/steps-migration.test.ts': 20,
  'test/workflows/': 12,
  'test/workers/': 15,
  'test/contract/': 10,
  'test/lab/services/': 10,
};
const needNothing = ['test/domain/', 'test/pipeline/', 'test/docs/'];

/** Where a file with this path belongs; smaller is sooner. `seconds`: how long it took last time. */
export function turnOf(path, seconds) {
  if (needNothing.some((folder) => path.startsWith(folder))) return -Infinity;
  if (seconds !== undefined) return -seconds;
  const fitting = Object.keys(estimates).filter((beginning) => path.startsWith(beginning));
  const closest = fitting.sort((a, b) => b.length - a.length)[0];
  return closest === undefined ? 0 : -estimates[closest];
}

export default class TestOrder extends TestSequencer {
  sort(tests) {
    const placed = tests.map((test) => {
      const path = relative(test.context.config.rootDir, test.path);
      const took = this.time(test);
      if (took !== undefined) test.duration = took; // jest tells what is left by it
      const turn = this.hasFailed(test) ? -Infinity : turnOf(path, took === undefined ? undefined : took / 1_000);
      return { test, turn };
    });
    return placed.sort((a, b) => (a.turn < b.turn ? -1 : a.turn > b.turn ? 1 : 0)).map(({ test }) => test);
  }
}
