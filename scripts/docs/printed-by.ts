import type { DocumentKind } from '../../client/cli/json-documents.ts';

/** What each kind of document is, and which commands print it; `error` is of all of them. */
export const printedBy: Record<Exclude<DocumentKind, 'error'>, { what: string; commands: string[] }> = {
  release: {
    what: 'How a release stands. Of a command that has followed it, or has ended with it, also `exitCode`.',
    commands: ['status', 'watch', 'wait', 'deploy', 'promote', 'rollback'],
  },
  started: { what: 'What was started, or was there already.', commands: ['deploy', 'promote', 'rollback'] },
  decision: {
    what: 'That a decision is stored, and counts.',
    commands: ['approve', 'reject', 'abort', 'accept-failure', 'retry', 'rollback'],
  },
  releases: { what: 'A page of releases and rollbacks, the newest first.', commands: ['releases'] },
  plan: { what: 'A plan, beside what it is compared with.', commands: ['plan', 'diff'] },
  'rollback-preview': { what: 'What a rollback would do.', commands: ['rollback'] },
  promotion: { what: 'What would be promoted, with `--dry-run`.', commands: ['promote'] },
  lane: {
    what: 'How a lane stands; of what changes it, afterwards.',
    commands: ['lane', 'lane clear-hold', 'lane clear-ticket', 'lane tell', 'freeze', 'unfreeze'],
  },
  insights: { what: 'How releases went in some weeks.', commands: ['insights'] },
  logs: { what: 'What a release has said of itself.', commands: ['logs'] },
  open: { what: 'Where a release is: its page, or its run in the Temporal UI.', commands: ['open'] },
  whoami: { what: 'Who you are to the gateway.', commands: ['whoami'] },
  token: { what: 'A token that is void now.', commands: ['token revoke'] },
  'token-created': { what: 'A token that was made, with the token itself.', commands: ['token create'] },
  tokens: { what: 'Tokens that were made.', commands: ['token list'] },
  notifications: {
    what: 'What people were to be told: what waits or is dead first, the newest before the others.',
    commands: ['notifications'],
  },
  'notifications-again': { what: 'What goes out again.', commands: ['notifications again'] },
  'audit-rows': {
    what: 'The last rows of a lane. `--all` prints another document: see below.',
    commands: ['audit list'],
  },
  'audit-proof': { what: 'Whether anybody has rewritten the audit.', commands: ['audit verify'] },
  doctor: { what: 'What was looked at, with a next step where something is wrong.', commands: ['doctor'] },
  setup: { what: 'What is done, and what is left to somebody else.', commands: ['setup'] },
  'setup-sql': { what: 'What PostgreSQL is to be told, with `--print-sql`.', commands: ['setup'] },
  validate: { what: 'What is wrong in the files, and what may not be meant.', commands: ['validate'] },
  'policy-explain': { what: 'What is in force, and which line says so.', commands: ['policy explain'] },
  use: { what: 'What is kept, and in which file.', commands: ['use'] },
};
