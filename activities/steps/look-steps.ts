import { beating } from '../shared/polling.ts';
import type { AuthorizeDependencies } from './authorize.ts';
import type { LookAtPlaces } from './look-at-places.ts';
import { openHere } from './open-here.ts';
import { serviceBounds } from './service-bounds.ts';
import type { EnvironmentSteps } from './types.ts';
import { namedBy, refuseUnapproved } from './unapproved.ts';

export interface LookStepDependencies extends AuthorizeDependencies {
  lookAtPlaces: LookAtPlaces;
}

/** Whether all that a release names is there, before anybody is asked whether it may be changed. Changes nothing, and needs no approval. */
export function createLookSteps(deps: LookStepDependencies): Pick<EnvironmentSteps, 'lookAtRegions'> {
  return {
    async lookAtRegions({ releaseId }) {
      const { record, request } = await openHere(deps, releaseId);
      const release = namedBy(request, await record.contents());
      const floor = await deps.floorOf(request.environment);
      await refuseUnapproved(deps, { release, floor, releaseId });
      const { endpointHosts: hosts } = await serviceBounds(deps, request);
      await record.keepNotes(await beating(() => deps.lookAtPlaces({ ...release, hosts })));
    },
  };
}
