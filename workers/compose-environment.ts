import { createDeploymentImage } from '../activities/delivery/deployment-image.ts';
import { createKubernetes } from '../activities/kubernetes/cluster-kubernetes.ts';
import { createMigrationJobs } from '../activities/migrations/job-migrations.ts';
import { createClusters } from '../activities/shared/clusters.ts';
import { createSmokeJobs } from '../activities/smoke/job-smoke.ts';
import { atBoundary } from '../activities/steps/boundary.ts';
import { createLookAtPlaces } from '../activities/steps/look-at-places.ts';
import { createLookSteps } from '../activities/steps/look-steps.ts';
import { createMigrationSteps } from '../activities/steps/migration-steps.ts';
import { createRegionSteps } from '../activities/steps/region-steps.ts';
import { createVerifySteps } from '../activities/steps/verify-steps.ts';
import { createVerification } from '../activities/verification/endpoint-verification.ts';
import type { SlipwayConfig } from '../temporal.config.ts';
import type { Shared } from './compose.ts';

/** What changes an environment. To plug in another kind of delivery: one file in its port's folder, and one line here. */
export function environmentSteps(
  { records, verifier, pipeline, registry, now }: Shared,
  { kubeconfigDirectory }: SlipwayConfig,
  environment: string,
) {
  const clusters = createClusters({ ...(kubeconfigDirectory && { kubeconfigDirectory }) });
  const authority = { records, verifier, environment, now, floorOf: (name: string) => pipeline.floorOf(name) };
  const kubernetes = createKubernetes({ clusters });
  const deliveries = [createDeploymentImage({ kubernetes, registry, now })];
  const jobs = createMigrationJobs({ clusters });
  const smoke = createSmokeJobs({ clusters });
  const verification = createVerification();
  const lookAtPlaces = createLookAtPlaces({ deliveries, jobs, smoke, verification });
  return {
    steps: atBoundary({
      ...createLookSteps({ ...authority, lookAtPlaces }),
      ...createRegionSteps({ ...authority, deliveries, registry }),
      ...createVerifySteps({ ...authority, deliveries, verification, smoke }),
      ...createMigrationSteps({ ...authority, jobs }),
    }),
    close: () => clusters.close(),
  };
}
