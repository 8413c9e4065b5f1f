import type { Severity, Millis } from './release.ts';
import type { Stage } from './status.ts';
import type { Verdict } from './verdicts.ts';

/** What is on record of what a release was built from, scanned and tested with: without the logs, which are asked for one by one. */
export interface ReleaseEvidence {
  gates: GateEvidence[];
  /** Of the integration tests; absent where none ran. */
  tests?: TestEvidence;
  migrations: MigrationEvidence[];
  smoke: SmokeEvidence[];
}

export interface GateEvidence {
  gate: string;
  verdict: Verdict;
  summary: string;
  /** Absent of the tests, and of what engines of before have kept. */
  found?: FoundEvidence;
}

export interface FoundEvidence {
  /** What counts against the release, and what an exception excuses: the worst first, 50 of each at most. */
  findings: FindingEvidence[];
  /** How many count. */
  counted: number;
}

export interface FindingEvidence {
  id: string;
  severity: Severity;
  /** The package and its version, or the file. */
  where: string;
  fixedIn?: string;
  waivedBy?: { reason: string; expires: string };
}

export interface TestEvidence {
  passed: boolean;
  exitCode: number;
  total: number;
  /** 100 at most. */
  failed: { name: string; message: string }[];
  /** Logs that can be asked for: JUnit files, and the end of the output. */
  logs: LogName[];
}

export interface MigrationEvidence {
  database: string;
  /** `given up`: before it began. */
  end: 'succeeded' | 'failed' | 'given up';
  /** Why it did not succeed. */
  why?: string;
  log?: LogName;
}

export interface SmokeEvidence {
  region: string;
  test: string;
  verdict: Verdict;
  words: string;
}

/** What names a log of a release, and how long it is. */
export interface LogName {
  of: string;
  bytes: number;
}

export interface EvidenceLog {
  of: string;
  text: string;
  /** So many bytes before this text are left out. */
  leftOut?: number;
}

/** How long the stages of the last runs of a lane took that ended well. */
export interface TypicalDurations {
  /** How many runs that is made of, 20 at most. */
  runs: number;
  stages: { stage: Stage; medianMs: Millis; runs: number }[];
  /** From being asked for to the end; absent where there were none. */
  wholeMs?: Millis;
}
