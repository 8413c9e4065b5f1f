// Before the first test of a whole run: what test files would otherwise begin to fetch or build all at once, each with its own limits.
// A run of chosen files needs less, and each of them sees to it itself.
import { prepareMachine } from '../../lab/prepare.ts';
import { preparePostgres } from './postgres-data.ts';

export default async function setUp({ testPathPatterns }) {
  if (testPathPatterns.patterns.length > 0) return;
  await prepareMachine((line) => process.stderr.write(`${line}\n`));
  await preparePostgres().catch(() => {}); // who needs it fails with its own words
}
