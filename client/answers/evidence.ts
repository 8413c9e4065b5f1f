import { z } from 'zod';
import type {
  EvidenceLog,
  FindingEvidence,
  FoundEvidence,
  GateEvidence,
  LogName,
  MigrationEvidence,
  ReleaseEvidence,
  SmokeEvidence,
  TestEvidence,
  TypicalDurations,
} from '../../domain/contract/kept-evidence.ts';
import type { Severity } from '../../domain/contract/release.ts';
import { stages } from '../../domain/contract/status.ts';
import type { Verdict } from '../../domain/contract/verdicts.ts';
import { count, fieldsOf, text, words, wordsOf } from './fields.ts';

const verdict = words<Verdict>({ pass: true, fail: true, inconclusive: true });
const severity = words<Severity>({ CRITICAL: true, HIGH: true, MEDIUM: true, LOW: true, UNKNOWN: true });

const logName = z.object(fieldsOf<LogName>()({ of: text.meta({ description: 'What asks for it.' }), bytes: count }));

const finding = z.object(
  fieldsOf<FindingEvidence>()({
    id: text,
    severity,
    where: text.meta({ description: 'The package and its version, or the file.' }),
    fixedIn: text.exactOptional(),
    waivedBy: z.object({ reason: text, expires: text }).exactOptional(),
  }),
);

const gate = z.object(
  fieldsOf<GateEvidence>()({
    gate: text,
    verdict,
    summary: text,
    found: z
      .object(
        fieldsOf<FoundEvidence>()({
          findings: z.array(finding).meta({ description: 'The worst first; 50 that count, and 50 that are excused.' }),
          counted: count.meta({ description: 'How many count against the release.' }),
        }),
      )
      .exactOptional(),
  }),
);

const tests = z.object(
  fieldsOf<TestEvidence>()({
    passed: z.boolean(),
    exitCode: z.int(),
    total: count,
    failed: z.array(z.object({ name: text, message: text })).meta({ description: '100 at most.' }),
    logs: z.array(logName),
  }),
);

const migration = z.object(
  fieldsOf<MigrationEvidence>()({
    database: text,
    end: words<MigrationEvidence['end']>({ succeeded: true, failed: true, 'given up': true }),
    why: text.exactOptional(),
    log: logName.exactOptional(),
  }),
);

const smoke = z.object(fieldsOf<SmokeEvidence>()({ region: text, test: text, verdict, words: text }));

export const releaseEvidence = z
  .object(
    fieldsOf<ReleaseEvidence>()({
      gates: z.array(gate),
      tests: tests.exactOptional(),
      migrations: z.array(migration),
      smoke: z.array(smoke),
    }),
  )
  .meta({
    id: 'ReleaseEvidence',
    description: 'What is on record; what is not there was not kept, or did not happen.',
  });

export const evidenceLog = z
  .object(
    fieldsOf<EvidenceLog>()({
      of: text,
      text,
      leftOut: count.exactOptional().meta({ description: 'Bytes before this text.' }),
    }),
  )
  .meta({ id: 'EvidenceLog' });

export const typicalDurations = z
  .object(
    fieldsOf<TypicalDurations>()({
      runs: count,
      stages: z.array(
        z.object({ stage: wordsOf(stages), medianMs: count.meta({ description: 'Milliseconds.' }), runs: count }),
      ),
      wholeMs: count.exactOptional(),
    }),
  )
  .meta({ id: 'TypicalDurations', description: 'Medians, in milliseconds.' });
