import { canonicalJson } from '../../domain/canonical.ts';
import { goesTo } from '../../domain/components-in.ts';
import type {
  MigrationSpec,
  PinnedImage,
  PlannedComponent,
  RegionSpec,
  ReleasePlan,
  ReleaseSpec,
} from '../../domain/contract/release.ts';
import { environmentOf } from '../../domain/delivery.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { sha256 } from '../shared/sha256.ts';
import type { ReleaseContents } from './release-record.ts';

/** What a migration runs with, and where. */
export interface MigrationPlace {
  migration: MigrationSpec;
  region: RegionSpec;
  image: PinnedImage;
  /** All variables that the release gives to what the migration borrows from. Absent: it delivers nothing there. */
  brought?: Record<string, string>;
}

/** As it was planned. Throws SLIP-REL-1 (terminal) for a database that the plan does not migrate. */
export function placeOf({ migrationSpecs, regions, components }: ReleasePlan, database: string): MigrationPlace {
  const imageOf = (component: string) => components.find(({ name }) => name === component)?.image;
  const place = placeAmong({ migrations: migrationSpecs, regions, components, imageOf }, database);
  if (!place) throw failure('SLIP-REL-1', `the plan has no migration of ${database}`);
  return place;
}

/** Before the approval there is no plan to trust: everything comes from what the engine itself has recorded about this release. */
export function placeOnRecord({ spec, artifacts }: ReleaseContents, database: string): MigrationPlace {
  const imageOf = (component: string) => artifacts.find((one) => one.component === component)?.image;
  const place = placeAmong({ ...spec, imageOf }, database);
  if (!place) throw failure('SLIP-REL-1', `the release has no migration of ${database}`);
  return place;
}

interface Known extends Pick<ReleaseSpec, 'migrations' | 'regions'> {
  components: readonly Pick<PlannedComponent, 'workloads' | 'delivery' | 'regions'>[];
  imageOf(component: string): PinnedImage | undefined;
}

function placeAmong({ migrations, regions, components, imageOf }: Known, database: string): MigrationPlace | undefined {
  const migration = migrations.find((one) => one.database === database);
  const region = regions.find(({ name }) => name === migration?.region);
  const image = migration && imageOf(migration.component);
  return migration && region && image ? { migration, region, image, ...broughtTo(migration, components) } : undefined;
}

/** What it borrows from is not deployed to yet: of its variables those count that the release brings with the image. */
function broughtTo({ like, region }: MigrationSpec, components: Known['components']): Pick<MigrationPlace, 'brought'> {
  if (!like) return {};
  const lender = components.find((component) => goesTo(component, region) && delivers(component, like));
  return lender ? { brought: environmentOf(lender) } : {};
}

/** Other containers of the same Deployment are left as they are. */
function delivers(
  { workloads }: Pick<PlannedComponent, 'workloads'>,
  like: NonNullable<MigrationSpec['like']>,
): boolean {
  return workloads.some(
    ({ deployment, containers }) => deployment === like.deployment && containers.includes(like.container),
  );
}

/** What a look at a database says holds for this image, these commands and this cluster, and for no others. */
export function hashOfPlace({ brought = {}, ...place }: MigrationPlace): string {
  return sha256(canonicalJson(Object.keys(brought).length > 0 ? { ...place, brought } : place));
}
