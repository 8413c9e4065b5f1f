import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

/** What reaches outside. In workflows the SDK replaces the clock, so that may be read there. */
const outside = ['process', 'fetch', 'WebSocket', 'Buffer', 'require', 'setImmediate', 'queueMicrotask', 'performance'];
const clockAndDice = ['setTimeout', 'setInterval', 'crypto', 'console'];
const now = [
  // `new Date(ms)` only converts and is welcome.
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Pass the time in as an argument.' },
  { selector: "CallExpression[callee.name='Date']", message: 'Pass the time in as an argument.' },
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'Pass the time in as an argument.',
  },
];
// All runs of a worker share the rules (workers/shared-rules.ts): one that kept something would carry it from run to run.
const kept = [
  { selector: 'Program > VariableDeclaration[kind!="const"]', message: 'Rules keep nothing.' },
  { selector: 'Program > ExportNamedDeclaration > VariableDeclaration[kind!="const"]', message: 'Rules keep nothing.' },
  {
    selector:
      ':matches(Program > VariableDeclaration, Program > ExportNamedDeclaration > VariableDeclaration) > VariableDeclarator > NewExpression[callee.name=/^(Map|WeakMap|WeakSet)$/]',
    message: 'Rules keep nothing: use a frozen object, or a ReadonlyMap that a function makes.',
  },
];
/** What reads a file, or copies one, and follows wherever its name leads, however large it is. */
const reading = ['readFile', 'readFileSync', 'createReadStream', 'open', 'openSync', 'openAsBlob', 'copyFile', 'cp'];
const fromFiles = ['node:fs', 'node:fs/promises', 'fs', 'fs/promises'];
// execa takes argument arrays; these take shell strings.
const shells = { name: 'node:child_process', importNames: ['exec', 'execSync'], message: 'No shell: use execa.' };
const ban = (names, message) => names.map((name) => ({ name, message }));

export default defineConfig(
  globalIgnores(['node_modules/', '**/dist/', 'coverage/', '.slipway/']),
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A promise that nobody awaits is an effect that nobody knows the end of.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      // The compiler finds the case that a rule forgot.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      // A type import costs nothing at run time: what a workflow bundles, and what loads, stays visible.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Fakes and adapters answer promises because the port does, not because they wait.
      '@typescript-eslint/require-await': 'off',
      // Ports are made by factory functions and have no `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-restricted-imports': ['error', { paths: [shells] }],
      'no-console': 'error',
    },
  },
  {
    // What reads strangers' text: a pattern whose time grows faster than the text stops a process. test/security/strangers-text.test.ts
    // has what this rule cannot see.
    files: ['{activities,client,domain,pipeline,workers,workflows}/**/*.{ts,tsx}', 'temporal.config.ts'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential', ignorePartial: false }],
    },
  },
  {
    // Whose files these are, and what is in them, strangers say.
    files: ['activities/{scan,images,tests,source,steps}/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            shells,
            ...fromFiles.map((name) => ({
              name,
              importNames: [...reading, 'default', 'promises'],
              message: 'Use readStrangersFile: it has a bound, and follows no link out.',
            })),
          ],
        },
      ],
    },
  },
  {
    // Rules are pure: they get the time as an argument and reach nothing.
    files: ['domain/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...ban([...outside, ...clockAndDice], 'domain/ is pure: pass it in as an argument.'),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'domain/ is pure: pass it in as an argument.' },
      ],
      'no-restricted-syntax': ['error', ...now, ...kept],
    },
  },
  {
    // The text that a user's pipeline is read from arrives as an argument as well.
    files: ['pipeline/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...ban(['fetch', 'process', 'setTimeout'], 'pipeline/ only reads text.')],
      'no-restricted-syntax': ['error', ...now],
    },
  },
  {
    // A workflow is replayed: whatever it learns from outside must come from an activity.
    files: ['workflows/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...ban(outside, 'Workflows are replayed: do this in an activity.'),
        ...ban(['setTimeout', 'setInterval'], 'Use sleep or condition of @temporalio/workflow: they can be cancelled.'),
        ...ban(['console'], 'Use log of @temporalio/workflow: it is silent while replaying.'),
        ...ban(['FinalizationRegistry', 'WeakRef'], 'Garbage collection is not replayed.'),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Use uuid4 of @temporalio/workflow, or an activity.' },
        {
          object: 'Promise',
          property: 'race',
          message: 'Losers leak in long runs: use condition, or a cancellation scope.',
        },
      ],
    },
  },
  {
    // What talks to a person at a terminal.
    files: [
      'client/cli/**/*.ts',
      'client/github-action/**/*.ts',
      'lab/**/*.ts',
      'workers/main.ts',
      'workers/process.ts',
      'test/bench/**/*.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-console': 'off',
      'no-restricted-properties': [
        'error',
        ...['it', 'test', 'describe'].flatMap((object) =>
          ['only', 'skip', 'todo'].map((property) => ({ object, property, message: 'Every test runs, always.' })),
        ),
      ],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'console', 'setTimeout', 'setInterval', 'clearInterval', 'clearTimeout', 'module', 'require'].map(
          (name) => [name, 'readonly'],
        ),
      ),
    },
  },
);
