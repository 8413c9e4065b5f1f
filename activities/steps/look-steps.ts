import { refuseElsewhere } from '../../domain/authority.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { beating } from '../shared/polling.ts';
import type { AuthorizeDependencies } from './authorize.ts';
import type { LookAtPlaces } from './look-at-places.ts';
import { releaseRecord, requireOwnRun } from './release-record.ts';
import { serviceBounds } from './service-bounds.ts';
import type { EnvironmentSteps } from './types.ts';
import { namedBy, refuseUnapproved } from './unapproved.ts';

export interface LookDependencies extends AuthorizeDependencies {
  lookAtPlaces: LookAtPlaces;
}

/** Whether all that a release names is there, before anybody is asked whether it may be changed. Changes nothing, and needs no approval. */
export function createLookSteps(deps: LookDependencies): Pick<EnvironmentSteps, 'lookAtRegions'> {
  return {
    async lookAtRegions({ releaseId }) {
      requireOwnRun(releaseId);
      const record = releaseRecord(deps, releaseId);
      const request = await record.openRequest();
      const elsewhere = refuseElsewhere(request, deps);
      if (elsewhere !== undefined) throw failure('SLIP-REL-1', elsewhere);
      const release = namedBy(request, await record.contents());
      const floor = await deps.floorOf(request.environment);
      await refuseUnapproved(deps, { request, release, floor, releaseId });
      const { endpointHosts: hosts } = await serviceBounds(deps, request);
      await record.keepNotes(await beating(() => deps.lookAtPlaces({ ...release, hosts })));
    },
  };
}
