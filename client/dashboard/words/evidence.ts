import type {
  FindingEvidence,
  GateEvidence,
  MigrationEvidence,
  ReleaseEvidence,
  TestEvidence,
} from '../../../domain/contract/kept-evidence.ts';
import type { Verdict } from '../../../domain/contract/verdicts.ts';
import { plural } from '../../cli/words.ts';
import type { Shown, Tone } from './states.ts';

const ofVerdict: Record<Verdict, Shown> = {
  pass: { icon: 'pass', tone: 'good', word: 'passed' },
  fail: { icon: 'cross', tone: 'stop', word: 'failed' },
  inconclusive: { icon: 'unknown', tone: 'mute', word: 'not told' },
};

export function shownVerdict(verdict: Verdict): Shown {
  return (ofVerdict as Partial<typeof ofVerdict>)[verdict] ?? { icon: 'unknown', tone: 'mute', word: verdict };
}

export function shownMigration({ end }: MigrationEvidence): Shown {
  if (end === 'succeeded') return { icon: 'pass', tone: 'good', word: 'applied' };
  return end === 'failed'
    ? { icon: 'cross', tone: 'stop', word: 'failed' }
    : { icon: 'unknown', tone: 'mute', word: end === 'given up' ? 'not begun' : end };
}

export function testsInWords({ passed, total, failed, exitCode }: TestEvidence): string {
  if (passed) return `${plural(total, 'test')} passed`;
  const names =
    failed.length > 0
      ? `${failed.length} of ${plural(total, 'test')} failed`
      : `none of ${plural(total, 'test')} failed`;
  return `${names}, exit code ${exitCode}`;
}

const ofSeverity: Record<string, Tone | undefined> = { CRITICAL: 'stop', HIGH: 'stop', MEDIUM: 'ask', LOW: 'mute' };

/** What an exception excuses stands out no more. */
export function toneOfFinding({ severity, waivedBy }: FindingEvidence): Tone {
  return waivedBy ? 'mute' : (ofSeverity[severity] ?? 'mute');
}

/** `2 count, 1 is waived`; undefined of a gate whose findings nobody has kept. */
export function foundInWords({ found }: GateEvidence): string | undefined {
  if (!found) return undefined;
  const waived = found.findings.filter(({ waivedBy }) => waivedBy).length;
  const more = found.counted - (found.findings.length - waived);
  return [
    found.counted === 0 ? 'none that counts' : `${plural(found.counted, 'counts', 'count')}`,
    ...(waived > 0 ? [`${waived} waived`] : []),
    ...(more > 0 ? [`${more} not shown`] : []),
  ].join(', ');
}

/** Whether there is anything to show. */
export function isThere({ gates, tests, migrations, smoke }: ReleaseEvidence): boolean {
  return gates.length + migrations.length + smoke.length > 0 || tests !== undefined;
}

/** `4 KB`. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1_000) return plural(bytes, 'byte');
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
