import { z } from 'zod';
import { atOnce } from '../../activities/steps/at-once.ts';
import { documentOf } from '../../activities/steps/migration-jobs.ts';
import { lastPlanOf, standingDocuments } from '../../activities/steps/recorded-result.ts';
import { gateDocument, gateNames, readDocument } from '../../activities/steps/release-record.ts';
import { answeredIn } from '../../activities/steps/smoke-answers.ts';
import type {
  EvidenceLog,
  FoundEvidence,
  GateEvidence,
  MigrationEvidence,
  ReleaseEvidence,
  SmokeEvidence,
  TestEvidence,
} from '../../domain/contract/kept-evidence.ts';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import { mostOfFindings } from '../../domain/kept-findings.ts';
import { head, tail } from '../../domain/whole-text.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';

/*
 * What steps have kept of a release for people to read. Each is written by a login that may write nothing else of it, and is shown as that
 * login's word: what has another form is left out.
 */

/** Rather cut than left out. */
const told = (most: number) => z.string().transform((text) => head(text, most));
const verdict = z.enum(['pass', 'fail', 'inconclusive']);
const bytesOf = (text: string) => Buffer.byteLength(text);

const severity = z.enum(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN']);
const longest = mostOfFindings;
const finding = z.object({
  id: told(longest.id),
  severity,
  where: told(longest.where),
  fixedIn: told(longest.fixedIn).exactOptional(),
});
const by = z.object({ reason: told(longest.reason), expires: told(longest.expires) });
const found = z.object({
  findings: z.array(finding).max(longest.shown),
  counted: z.int().min(0),
  excused: z.array(finding.extend({ by })).max(longest.shown),
});
/** A verdict is told though what was found is of no form that is known. */
const gate = z.object({ verdict, summary: told(4_000), found: found.optional().catch(undefined) });
/** Of what was read with the release. */
const asked = z.object({ spec: z.object({ gates: z.array(z.string().max(40)).max(50).optional() }) });
const tests = z.object({
  passed: z.boolean(),
  exitCode: z.int(),
  total: z.int().min(0),
  failed: z.array(z.object({ name: told(500), message: told(2_000) })).transform((all) => all.slice(0, 100)),
  files: z.record(z.string(), z.string()),
  output: z.string(),
});
const why = z.object({ code: told(40), title: told(300), detail: told(2_000) });
const migration = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('succeeded'), log: z.string() }),
  z.object({ kind: z.enum(['failed', 'given up']), why }),
]);
const answer = z.object({ verdict, words: told(2_000) });

type Kept = (name: string) => Promise<unknown>;

/** All but the logs, in two questions to the records. */
export async function keptEvidence(parts: GatewayParts, releaseId: string): Promise<ReleaseEvidence> {
  const { plan, gates: asked, kept } = await keptOf(parts, releaseId);
  const gates = await Promise.all(asked.map((name) => gateIn(kept, name)));
  const tested = await testsIn(kept);
  return {
    gates: gates.filter((one) => one !== undefined),
    ...(tested && { tests: tested }),
    migrations: (await Promise.all(databasesOf(plan).map((database) => migrationIn(kept, database)))).flat(),
    smoke: (await Promise.all(smokeOf(plan).map((one) => smokeIn(kept, one)))).flat(),
  };
}

/** So much of a log is shown: its end, where it is longer. */
const mostBytes = 200_000;

/** Throws 404 for a log that is not on record. */
export async function evidenceLog(parts: GatewayParts, releaseId: string, of: string): Promise<EvidenceLog> {
  const { kept } = await keptOf(parts, releaseId);
  const text = await logIn(kept, of);
  if (text === undefined) throw new Refused(404, 'not-found', `there is no log ${of} of ${releaseId}`);
  const shown = tail(text, mostBytes);
  const leftOut = bytesOf(text) - bytesOf(shown);
  return { of, text: shown, ...(leftOut > 0 && { leftOut }) };
}

/** What may be there is named by its plan, and by what was read before there was one. Of a name that no step gives there is nothing. */
async function keptOf({ records: { plans } }: GatewayParts, releaseId: string) {
  const first = await atOnceWithPlan(plans, releaseId);
  const plan = await lastPlanOf(first, releaseId);
  const named = asked.safeParse(await first.kept(releaseId, readDocument)).data?.spec.gates ?? [];
  const gates = [...Object.values(gateNames), ...named];
  const names = [
    ...gates.map(gateDocument),
    'tests',
    ...databasesOf(plan).map(documentOf),
    ...smokeOf(plan).map(({ region, test }) => answeredIn(region, test)),
  ];
  const documents = await atOnce(plans, [releaseId], names);
  const known = new Set(names);
  const kept: Kept = async (name) => (known.has(name) ? documents.kept(releaseId, name) : undefined);
  return { plan, gates, kept };
}

async function atOnceWithPlan(plans: GatewayParts['records']['plans'], releaseId: string) {
  const { kept } = await atOnce(plans, [releaseId], [...standingDocuments, readDocument]);
  return { kept, find: (hash: string) => plans.find(hash) };
}

const databasesOf = (plan: ReleasePlan | undefined) => (plan?.migrations ?? []).map(({ database }) => database);
const smokeOf = (plan: ReleasePlan | undefined) =>
  (plan?.regions ?? []).flatMap(({ name, smoke = [] }) => smoke.map((test) => ({ region: name, test: test.name })));

async function gateIn(kept: Kept, name: string): Promise<GateEvidence | undefined> {
  const known = gate.safeParse(await kept(gateDocument(name))).data;
  if (!known) return undefined;
  const { found: seen, ...rest } = known;
  return { gate: name, ...rest, ...(seen && { found: foundIn(seen) }) };
}

function foundIn({ findings, counted, excused }: z.infer<typeof found>): FoundEvidence {
  const waived = excused.map(({ by: waivedBy, ...one }) => ({ ...one, waivedBy }));
  return { findings: [...findings, ...waived], counted };
}

async function testsIn(kept: Kept): Promise<TestEvidence | undefined> {
  const known = tests.safeParse(await kept('tests')).data;
  if (!known) return undefined;
  const { files, output, ...rest } = known;
  const reports = Object.entries(files).map(([path, text]) => ({ of: `tests/${path}`, bytes: bytesOf(text) }));
  const logs = [...(output === '' ? [] : [{ of: 'tests', bytes: bytesOf(output) }]), ...reports];
  return { ...rest, logs: logs.slice(0, 100) };
}

async function migrationIn(kept: Kept, database: string): Promise<MigrationEvidence[]> {
  const end = migration.safeParse(await kept(documentOf(database))).data;
  if (!end) return [];
  if (end.kind !== 'succeeded') {
    const { code, title, detail } = end.why;
    return [{ database, end: end.kind, why: `${code} ${title}: ${detail}` }];
  }
  return [{ database, end: end.kind, log: { of: `migration/${database}`, bytes: bytesOf(end.log) } }];
}

async function smokeIn(kept: Kept, { region, test }: { region: string; test: string }): Promise<SmokeEvidence[]> {
  const known = answer.safeParse(await kept(answeredIn(region, test))).data;
  return known ? [{ region, test, ...known }] : [];
}

async function logIn(kept: Kept, of: string): Promise<string | undefined> {
  const [, kind, name] = /^(tests|migration)(?:\/(.*))?$/s.exec(of) ?? [];
  if (kind === 'migration') {
    const end = migration.safeParse(await kept(documentOf(name ?? ''))).data;
    return end?.kind === 'succeeded' ? end.log : undefined;
  }
  const known = kind === 'tests' ? tests.safeParse(await kept('tests')).data : undefined;
  if (!known) return undefined;
  if (name === undefined) return known.output === '' ? undefined : known.output;
  return Object.hasOwn(known.files, name) ? known.files[name] : undefined;
}
