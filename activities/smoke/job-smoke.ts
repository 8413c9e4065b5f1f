import { smokeRights } from '../../domain/cluster-rights.ts';
import type { SmokeReport } from '../../domain/smoke.ts';
import type { ClusterConnection } from '../shared/cluster-connection.ts';
import { lookAtRights } from '../shared/cluster-look.ts';
import { readRawLog, type LogRequest } from '../shared/cluster-logs.ts';
import type { Clusters } from '../shared/clusters.ts';
import { readEnd } from '../shared/job-observation.ts';
import { createJobRunner } from '../shared/job-runner.ts';
import type { ClusterJob, JobKind, JobObservation, Running } from '../shared/job.ts';
import { readJunitText, shownOf } from '../shared/junit.ts';
import { redactedHead } from '../shared/redact.ts';
import type { SmokeJob, SmokeJobs, SmokeObservation } from './port.ts';
import { reportIn } from './report-in-log.ts';

export const smokeKind: JobKind = {
  container: 'smoke',
  codes: { other: 'SLIP-SMK-2', like: 'SLIP-SMK-3', borrowing: 'SLIP-SMK-3', leaving: 'SLIP-SMK-4' },
  // Enough for a program that asks a service; whatever it does, its node stays usable for others.
  resources: {
    // Of disk nothing is asked for: nodes that do not count theirs have none to give, and would take no such pod.
    requests: { cpu: '50m', memory: '64Mi', 'ephemeral-storage': '0' },
    limits: { cpu: '1', memory: '512Mi', 'ephemeral-storage': '1Gi' },
  },
  confined: true,
};

/** As much of what it prints as is read for its report. */
const reportBytes = 4 * 1_048_576;

export function createSmokeJobs({ clusters, now }: { clusters: Clusters; now?: () => number }): SmokeJobs {
  const runner = createJobRunner(smokeKind, { clusters, now });
  return {
    async look({ cluster, namespace, like }) {
      return lookAtRights(await clusters.connect(cluster), namespace, smokeRights(like.deployment));
    },
    start: (job) => runner.start(jobOf(job)),
    async observe(job) {
      let report: SmokeReport | undefined;
      const seen = await runner.observe(jobOf(job), async (cluster, log, state) => {
        if (job.report) report = await reportOf(cluster, log);
        return readEnd(cluster, log, state);
      });
      return observed(seen, report);
    },
    remove: (job, uid) => runner.remove(jobOf(job), uid),
  };
}

/** It borrows where pods run, and nothing that anybody would have to allow. */
function jobOf({ like, report: _report, ...job }: SmokeJob): ClusterJob {
  const may = { for: 'looking' as const, serviceAccounts: [], secrets: [] };
  return { ...job, like: { ...like, only: 'place' }, envFrom: [], may };
}

function observed(seen: JobObservation, report: SmokeReport | undefined): SmokeObservation {
  if (seen.state === 'missing') return { state: 'missing' };
  if (seen.state === 'running' && seen.overdue) {
    const reason = `its time is over, and ${seen.message}`;
    const { begun, uid } = seen;
    return { state: 'ended', uid, succeeded: false, begun, reason, log: '', ...ranOf(seen) };
  }
  if (seen.state === 'running') return { state: 'running', uid: seen.uid, message: seen.message, ...ranOf(seen) };
  const { log, podGone, alongside, uid } = seen;
  const read = { log, ...(podGone && { podGone }), ...(report && { report }) };
  const both = { state: 'ended' as const, uid, ...read, ...(alongside && { alongside }) };
  if (seen.state === 'succeeded') return { ...both, succeeded: true, begun: true, exitCode: 0, reason: '' };
  const { begun, reason, exitCode, lost } = seen;
  const told = { ...ranOf(seen), ...(lost && { lost }), ...(exitCode !== undefined && { exitCode }) };
  return { ...both, succeeded: false, begun, reason, ...told };
}

function ranOf({ ranMs }: Running): Running {
  return ranMs === undefined ? {} : { ranMs };
}

/** What takes secrets out of a text would break its form: they are taken out of what is kept of it. */
async function reportOf(cluster: ClusterConnection, log: LogRequest): Promise<SmokeReport> {
  const { text, cut } = await readRawLog(cluster, { ...log, maxBytes: reportBytes });
  if (cut) return { unread: `it printed more than ${reportBytes / 1_048_576} MB` };
  const found = reportIn(text);
  if (found === undefined) return { unread: 'it printed no JUnit report' };
  try {
    return shownOf(await readJunitText(found));
  } catch (error) {
    return { unread: `its report cannot be read: ${redactedHead((error as Error).message, 200)}` };
  }
}
