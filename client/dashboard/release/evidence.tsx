import { useQuery } from '@tanstack/react-query';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import type { GateEvidence, MigrationEvidence, ReleaseEvidence } from '../../../domain/contract/kept-evidence.ts';
import { evidenceQuestion } from '../gateway/questions.ts';
import { Fold } from '../parts/fold.tsx';
import { Lines } from '../parts/lines.tsx';
import { Panel } from '../parts/panel.tsx';
import { Problem } from '../parts/problem.tsx';
import { foundInWords, isThere, shownMigration, shownVerdict, testsInWords } from '../words/evidence.ts';
import { Findings } from './findings.tsx';
import { Log } from './log.tsx';

/** What the release was scanned, tested and migrated with, as far as it is on record: what a step has not kept is not shown. */
export function Evidence({ view: { releaseId, status, outcome } }: { view: ReleaseView }) {
  const { data, error } = useQuery(evidenceQuestion(releaseId, outcome ?? status?.stage));
  if (error) return <Problem of="The evidence" error={error} />;
  if (!data || !isThere(data)) return null;
  return (
    <Panel title="Evidence" note="as the steps have kept it">
      <div>
        {data.gates.map((gate) => (
          <Gate key={gate.gate} gate={gate} evidence={data} releaseId={releaseId} />
        ))}
        {data.migrations.map((migration) => (
          <Migration key={migration.database} migration={migration} releaseId={releaseId} />
        ))}
        {data.smoke.map(({ region, test, verdict, words }) => (
          <Fold key={`${region} ${test}`} shown={shownVerdict(verdict)} title={`smoke test ${test} in ${region}`}>
            <p>
              <Lines text={words} />
            </p>
          </Fold>
        ))}
      </div>
    </Panel>
  );
}

function Gate({ gate, evidence, releaseId }: { gate: GateEvidence; evidence: ReleaseEvidence; releaseId: string }) {
  const tests = gate.found || gate.gate !== 'integration tests' ? undefined : evidence.tests;
  const note = tests ? testsInWords(tests) : foundInWords(gate);
  return (
    <Fold shown={shownVerdict(gate.verdict)} title={gate.gate} note={note}>
      <p>
        <Lines text={gate.summary} />
      </p>
      {gate.found && gate.found.findings.length > 0 && <Findings gate={gate.gate} findings={gate.found.findings} />}
      {tests && tests.failed.length > 0 && <Failed failed={tests.failed} />}
      {tests?.logs.map((log) => (
        <Log key={log.of} releaseId={releaseId} log={log} />
      ))}
    </Fold>
  );
}

function Failed({ failed }: { failed: readonly { name: string; message: string }[] }) {
  return (
    <ul className="failed-tests">
      {failed.map(({ name, message }, index) => (
        <li key={`${index} ${name}`}>
          <b>
            <Lines text={name} />
          </b>
          <p className="words">
            <Lines text={message} />
          </p>
        </li>
      ))}
    </ul>
  );
}

function Migration({ migration, releaseId }: { migration: MigrationEvidence; releaseId: string }) {
  const { database, why, log } = migration;
  return (
    <Fold shown={shownMigration(migration)} title={`migration of ${database}`}>
      {why !== undefined && (
        <p className="words">
          <Lines text={why} />
        </p>
      )}
      {log && <Log releaseId={releaseId} log={log} />}
    </Fold>
  );
}
