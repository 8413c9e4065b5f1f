import { activityInfo } from '@temporalio/activity';
import type {
  Artifact,
  GateResult,
  PlannedMigration,
  ReleaseRequest,
  ReleaseSpec,
} from '../../domain/contract/release.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { unseenInWords } from '../../domain/drift.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { needsOf, needsOfRead } from '../../domain/plan-needs.ts';
import type { KeptFindings } from '../../domain/kept-findings.ts';
import type { Records } from '../records/port.ts';
import { sha256 } from '../shared/sha256.ts';
import type { Verifier } from '../shared/signatures.ts';
import { hashOfPlace, type MigrationPlace } from './migration-place.ts';
import type { ReadRelease } from './types.ts';
import { verifiedRequest } from './verified-request.ts';

/**
 * What the engine itself has found out about one release, step by step: the only thing that later steps believe. A workflow names the
 * release and the next step; what it would say about images, gates or targets is not asked, because anybody with access to Temporal
 * could say it.
 */
export interface ReleaseRecord {
  /** As the gateway signed it when it started the release. Throws SLIP-REL-10 for a release that no gateway started, SLIP-REC-6 for another's. */
  request(): Promise<ReleaseRequest>;
  /** The same of one that has not ended: what is on record of a release that is over stays as it is. Throws SLIP-REL-10 (terminal) for another. */
  openRequest(): Promise<ReleaseRequest>;
  keepRead(read: ReadRelease): Promise<void>;
  read(): Promise<ReadRelease>;
  keepBuilt(artifact: Artifact): Promise<void>;
  /** What would be released by now: read once, so that a plan, its gates and its migrations are of the same. Throws SLIP-REL-3 when an image is missing. */
  contents(): Promise<ReleaseContents>;
  /**
   * `of`: what was looked at, images or the commit. `spec`: by which that was judged. `found`: for people to read, no step goes by it; in one document
   * with the verdict, so that no other attempt's can come to stand beside it.
   */
  keepGate(
    gate: GateResult,
    seen: { of: readonly string[]; spec: ReleaseSpec; found?: KeptFindings },
  ): Promise<GateResult>;
  /**
   * Every gate that the specification asks for. Throws SLIP-REL-3 when one has not been looked at, has looked at something else than these
   * contents, or was judged by what was read before.
   */
  gates(contents: ReleaseContents): Promise<GateResult[]>;
  /** `place`: by what it was found out. */
  keepMigrations(planned: PlannedMigration, place: MigrationPlace): Promise<PlannedMigration>;
  /** What people should know of the places that the release changes, as the step that looks at them before the approval has seen them. */
  keepNotes(notes: string[]): Promise<void>;
  /** Undefined where nobody has looked. */
  notes(): Promise<string[] | undefined>;
  /** What the last look at this database has found; undefined where there was none, or by another image or other commands than this place's. */
  migrationSeen(place: MigrationPlace): Promise<PlannedMigration | undefined>;
  /** The same of all of these. Throws SLIP-REL-3 for one of which nothing was found. */
  migrations(places: readonly MigrationPlace[]): Promise<PlannedMigration[]>;
}

export interface ReleaseContents {
  spec: ReleaseSpec;
  /** Given, unchanged and built ones, in the order of the components. */
  artifacts: Artifact[];
}

/** Throws SLIP-REL-10 (terminal) unless the activity was scheduled by the workflow with this id. */
export function requireOwnRun(workflowId: string): void {
  const caller = activityInfo().workflowExecution?.workflowId;
  if (caller !== workflowId)
    throw failure('SLIP-REL-10', `it was scheduled by ${caller ?? 'nobody'}, not by ${workflowId}`);
}

export interface RecordDependencies {
  records: Pick<Records, 'attempts' | 'plans'>;
  verifier: Verifier;
}

/** The same, and that the release has not ended: what is on record of one that is over stays as it is. Throws SLIP-REL-10 (terminal). */
export async function requireOpen({ attempts }: Pick<Records, 'attempts'>, releaseId: string): Promise<void> {
  requireOwnRun(releaseId);
  refuseEnded((await attempts.find(releaseId))?.outcome, releaseId);
}

function refuseEnded(outcome: string | undefined, releaseId: string): void {
  if (outcome !== undefined) throw failure('SLIP-REL-10', `${releaseId} has ended`);
}

export function releaseRecord(
  { records: { attempts, plans }, verifier }: RecordDependencies,
  releaseId: string,
): ReleaseRecord {
  const kept = async <T>(name: string): Promise<T> => {
    const document = await plans.kept(releaseId, name);
    if (document === undefined) throw failure('SLIP-REL-3', `${releaseId} has no ${name} on record`);
    return document as T;
  };
  const read = () => kept<ReadRelease>(readDocument);
  const started = async () => {
    const attempt = await attempts.find(releaseId);
    if (!attempt) throw failure('SLIP-REL-10', `${releaseId} was not started through the gateway`);
    return attempt;
  };
  const request = async () => verifiedRequest(await started(), verifier);
  const migrationSeen = async (place: MigrationPlace) => {
    const found = await plans.kept(releaseId, `migrations-${place.migration.database}`);
    if (found === undefined) return undefined;
    const { by, ...seen } = found as KeptMigration;
    return by === undefined || by === hashOfPlace(place) ? seen : undefined;
  };
  return {
    request,
    async openRequest() {
      const attempt = await started();
      refuseEnded(attempt.outcome, releaseId);
      return verifiedRequest(attempt, verifier);
    },
    keepRead: (found) => {
      // What its images come from is in the plan, too: whoever makes one must know of it.
      const needs = [...needsOfRead(found.spec), ...needsOf({ components: found.artifacts })];
      return plans.keep(releaseId, readDocument, {
        ...found,
        ...(needs.length > 0 && { needs }),
      } satisfies ReadRelease);
    },
    read,
    keepBuilt: (artifact) => plans.keep(releaseId, `image-${artifact.component}`, artifact),
    async contents() {
      const known = await read();
      const artifacts = await Promise.all(
        known.spec.components.map(
          async ({ name }) =>
            known.artifacts.find((a) => a.component === name) ?? (await kept<Artifact>(`image-${name}`)),
        ),
      );
      return { spec: known.spec, artifacts };
    },
    async keepGate(gate, { of, spec, found }) {
      const kept: KeptGate = { ...gate, of: [...of].sort(), by: hashOfSpec(spec), ...(found && { found }) };
      await plans.keep(releaseId, gateDocument(gate.gate), kept);
      return gate;
    },
    async gates({ spec, artifacts }) {
      const images = artifacts.map(({ image }) => image).sort();
      const { commit } = await request();
      const wanted = [
        ...(spec.scan.images ? [{ name: gateNames.images, of: images }] : []),
        ...(spec.scan.secrets ? [{ name: gateNames.secrets, of: [commit] }] : []),
        ...(spec.tests ? [{ name: gateNames.tests, of: images }] : []),
        ...(spec.gates ?? []).map((name) => ({ name, of: [commit] })),
      ];
      return Promise.all(
        wanted.map(async ({ name, of: wants }) => {
          const { of, by, found: _found, ...gate } = await kept<KeptGate>(gateDocument(name));
          if ((of ?? []).join() !== wants.join())
            throw failure(
              'SLIP-REL-3',
              `the ${name} has looked at something else: ${of?.join(', ') ?? 'it does not say what'}`,
            );
          if (by !== hashOfSpec(spec))
            throw failure('SLIP-REL-3', `the ${name} was judged by another slipway.yaml or policy than was read since`);
          return gate;
        }),
      );
    },
    async keepMigrations(planned, place) {
      const document: KeptMigration = { ...planned, by: hashOfPlace(place) };
      await plans.keep(releaseId, `migrations-${planned.database}`, document);
      return planned;
    },
    keepNotes: (notes) => plans.keep(releaseId, placesDocument, { notes } satisfies KeptNotes),
    async notes() {
      const found = await plans.kept(releaseId, placesDocument);
      return found === undefined ? undefined : [...new Set(notesIn(found))];
    },
    migrationSeen,
    migrations: (places) =>
      Promise.all(
        places.map(async (place) => {
          const seen = await migrationSeen(place);
          const { database } = place.migration;
          if (!seen) throw failure('SLIP-REL-3', unseenInWords([database]));
          return seen;
        }),
      ),
  };
}

interface KeptMigration extends PlannedMigration {
  /** By what, hashed. Absent in what older workers have kept. */
  by?: string;
}

interface KeptNotes {
  notes: string[];
}

/** Shown to people, and written by another login: whatever else is there is none. */
function notesIn(kept: unknown): string[] {
  const { notes } = (kept ?? {}) as Partial<KeptNotes>;
  return Array.isArray(notes) ? notes.filter((note) => typeof note === 'string') : [];
}

/** What the look at the regions has to tell. */
const placesDocument = 'places';

interface KeptGate extends GateResult {
  /** Absent in what older workers have kept. */
  of?: string[];
  /** The specification by which it was judged, hashed: it has the hash of the policy in it. */
  by?: string;
  /** Absent of the tests, whose report is a document of its own. */
  found?: KeptFindings;
}

function hashOfSpec(spec: ReleaseSpec): string {
  return sha256(canonicalJson(spec));
}

/** The name of the document of what a gate has come to. */
export const gateDocument = (gate: string) => `gate-${gate}`;

/** The name of the document of what slipway.yaml and the policy say of a release. */
export const readDocument = 'read';

/** Those that every release may have; the policy names others. */
export const gateNames = { images: 'image scan', secrets: 'secret scan', tests: 'integration tests' } as const;
