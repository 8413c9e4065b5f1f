import type { FailureEntry } from './failure.ts';

export const recordErrors = {
  'SLIP-REC-1': {
    kind: 'retryable',
    blame: 'world',
    title: 'the records cannot be reached',
    next: 'Check the database at the records URL; runs go on when it is back.',
  },
  'SLIP-REC-2': {
    kind: 'terminal',
    blame: 'operator',
    final: true,
    title: 'the record contradicts what is stored',
    next: 'Nothing was changed. Look at what is stored under that name; what is stored counts.',
  },
  'SLIP-REC-3': {
    kind: 'terminal',
    blame: 'operator',
    final: true,
    title: 'there is no such record',
    next: 'Check the id; if it was there before, look for a database that was restored from an older copy.',
  },
  'SLIP-REC-4': {
    kind: 'terminal',
    blame: 'release',
    title: 'the document cannot be kept',
    next: 'Keep at most 4 MB of JSON (a decision 64 kB, an order to a lane 6 kB, what is pending in a database 256 kB); store what is larger elsewhere and keep a reference to it.',
  },
  'SLIP-REC-5': {
    kind: 'terminal',
    blame: 'operator',
    title: 'the database refused the statement',
    next: 'Check with `slipway setup --check` that the schema "slipway" is as this version needs it, and that nobody has changed its tables by hand.',
  },
  'SLIP-REC-6': {
    kind: 'terminal',
    blame: 'operator',
    final: true,
    title: 'what is on record was not signed by the gateway',
    next: 'This step has changed nothing. If gateways of an older version still run beside newer ones, roll them and ask again. Otherwise somebody has written to the records by hand: `slipway audit verify` tells what else was changed.',
  },
  'SLIP-REC-7': {
    kind: 'terminal',
    blame: 'operator',
    title: 'the records are not prepared for this version, and this process may not do it',
    next: 'Run `slipway setup --roles` of this version with the URL of the owner of schema "slipway", then start this process again.',
  },
  'SLIP-REC-8': {
    kind: 'terminal',
    blame: 'operator',
    title: 'there is more on record than is read at once',
    next: 'Unless it is what years have come to, somebody writes by hand with the login that is named: give it another password. docs/operations.md#more-on-record-than-is-read says how the rows are taken away; then the run goes on.',
  },
  'SLIP-REC-9': {
    kind: 'terminal',
    blame: 'operator',
    title: 'what is on record was signed with a key that this process does not know',
    next: 'This step has changed nothing. Public keys are read at start: if the gateway has a new key, put its public half into SLIPWAY_PUBLIC_KEYS of every process, beside the old one, and restart them; then start the run again where it has ended. If the gateway never had that key, somebody has written to the records by hand: `slipway audit verify` tells what else was changed.',
  },
  'SLIP-REC-10': {
    kind: 'retryable',
    blame: 'operator',
    title: 'the database does not take this login',
    next: 'Check user, password and name of the database in SLIPWAY_RECORDS_URL of the process that says so, which reads it at start, and at the database that they are there. Runs that need it wait until then.',
  },
  'SLIP-REC-11': {
    kind: 'terminal',
    blame: 'operator',
    title: 'the login of this process may not do that in the database',
    next: 'Give SLIPWAY_RECORDS_URL of this process the login of its kind (docs/operations.md#roles-in-the-database). If it has that, `slipway setup --check` says what its group lacks, and `slipway setup --roles`, as the owner, gives it. Give rights to no login by hand.',
  },
} as const satisfies Record<string, FailureEntry>;
