import { canonicalJson } from '../../domain/canonical.ts';
import type {
  Artifact,
  MigrationSpec,
  PinnedImage,
  RegionSpec,
  ReleasePlan,
  ReleaseSpec,
} from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { sha256 } from '../shared/sha256.ts';

/** What a migration runs with, and where. */
export interface MigrationPlace {
  migration: MigrationSpec;
  region: RegionSpec;
  image: PinnedImage;
}

/** As it was planned. Throws SLIP-REL-1 (terminal) for a database that the plan does not migrate. */
export function placeOf(plan: ReleasePlan, database: string): MigrationPlace {
  const { migrationSpecs: migrations, regions, components } = plan;
  const place = placeAmong(
    { migrations, regions, images: components.map(({ name, image }) => [name, image]) },
    database,
  );
  if (!place) throw failure('SLIP-REL-1', `the plan has no migration of ${database}`);
  return place;
}

/** Before the approval there is no plan to trust: everything comes from what the engine itself has recorded about this release. */
export function placeOnRecord(
  { spec: { migrations, regions }, artifacts }: { spec: ReleaseSpec; artifacts: readonly Artifact[] },
  database: string,
): MigrationPlace {
  const images = artifacts.map(({ component, image }) => [component, image] as const);
  const place = placeAmong({ migrations, regions, images }, database);
  if (!place) throw failure('SLIP-REL-1', `the release has no migration of ${database}`);
  return place;
}

interface Known {
  migrations: readonly MigrationSpec[];
  regions: readonly RegionSpec[];
  /** By component. */
  images: readonly (readonly [string, PinnedImage])[];
}

function placeAmong({ migrations, regions, images }: Known, database: string): MigrationPlace | undefined {
  const migration = migrations.find((m) => m.database === database);
  const region = regions.find((r) => r.name === migration?.region);
  const image = new Map(images).get(migration?.component ?? '');
  return migration && region && image ? { migration, region, image } : undefined;
}

/** What a look at a database says holds for this image, asked by these commands, and for no other. */
export function hashOfPlace({ migration, image }: MigrationPlace): string {
  return sha256(canonicalJson({ migration, image }));
}
