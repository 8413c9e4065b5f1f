// Five suites of one tree. `npm test` runs "unit": everything that needs only this machine's loopback, within minutes.
// `npm run test:chaos` runs "chaos": whole worlds, from a commit to the last region, with whatever can be killed, cut off or upgraded under
// way.
// `npm run test:cluster` runs "cluster": real Kubernetes regions, minutes long, one after the other.
// `npm run test:browser` runs "browser": pages in a real browser, on real releases.
// `npm run test:compose` runs "compose": an installation with Docker Compose by its document, on images that it builds first.

// What people read has times of day in it: these are the same wherever it is read.
process.env.TZ = 'UTC';

/** @type {import('jest').Config} */
export const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  // Working directories of demos and rehearsals hold package.json files of their own.
  modulePathIgnorePatterns: ['<rootDir>/.slipway/', '<rootDir>/dist/'],
};

/** @type {import('jest').Config} */
export default {
  // The machines this runs on have two cores, and each worker may run a Temporal server and a database. Those that wait for time to pass
  // leave room for a third and a fourth: 337 s with four.
  maxWorkers: 4,
  // A limit for what hangs, and no budget: on a machine with other work a test may take ten times what it takes on an idle one. Longer
  // than any single wait inside of a test (`patience` in test/support/world-until.ts), which tells what it waits for.
  // Heard from here alone, not from a project; test:cluster passes its own.
  testTimeout: 4 * 60_000,
  testSequencer: './scripts/test-order.mjs',
  // A suite that leaves a handle open should be seen, not cut off.
  forceExit: false,
  reporters: ['default'],
  projects: [
    {
      ...shared,
      displayName: 'unit',
      globalSetup: './test/support/set-up.mjs',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: [
        '/node_modules/',
        '<rootDir>/test/e2e/',
        '<rootDir>/test/chaos/',
        '<rootDir>/test/cluster/',
        '<rootDir>/test/compose/',
        '<rootDir>/test/browser/',
        '<rootDir>/test/bench/',
      ],
    },
    {
      ...shared,
      displayName: 'chaos',
      globalSetup: './test/support/set-up.mjs',
      testMatch: ['<rootDir>/test/e2e/**/*.test.ts', '<rootDir>/test/chaos/**/*.test.ts'],
    },
    {
      ...shared,
      displayName: 'cluster',
      testMatch: ['<rootDir>/test/cluster/**/*.test.ts'],
    },
    {
      ...shared,
      displayName: 'browser',
      testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
    },
    {
      ...shared,
      displayName: 'compose',
      testMatch: ['<rootDir>/test/compose/**/*.test.ts'],
    },
  ],
};
