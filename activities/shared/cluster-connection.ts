import { ApiException, AppsV1Api, AuthorizationV1Api, BatchV1Api, CoreV1Api } from '@kubernetes/client-node';
import { failure } from '../../domain/errors/catalogue.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { clusterFailure, statusOf } from './cluster-errors.ts';

/** One cluster's API, over one connection pool. */
export interface ClusterConnection {
  apps: AppsV1Api;
  core: CoreV1Api;
  batch: BatchV1Api;
  authorization: AuthorizationV1Api;
  /**
   * Makes one call and turns every error into a failure of the catalogue (SLIP-K8S-5 … 14); `what` names it for people.
   * On 401 the credentials are renewed and the call repeated once.
   */
  call<T>(what: string, work: () => Promise<T>): Promise<T>;
  /** Like `call`, with undefined for "there is no such object". */
  find<T>(what: string, work: () => Promise<T>): Promise<T | undefined>;
  close(): Promise<void>;
}

/** `renew` drops whatever is cached of the credentials; `now` is this machine's clock in ms. */
export function connectTo(
  access: ClusterAccess,
  options: { renew: () => Promise<void>; now: () => number },
): ClusterConnection {
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (statusOf(error) !== 401) throw error;
      await options.renew();
      return work();
    }
  };
  const call = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await attempt(work);
    } catch (error) {
      throw clockFailure(error, options.now()) ?? clusterFailure(error, what);
    }
  };
  return {
    apps: access.makeApiClient(AppsV1Api),
    core: access.makeApiClient(CoreV1Api),
    batch: access.makeApiClient(BatchV1Api),
    authorization: access.makeApiClient(AuthorizationV1Api),
    call,
    find: (what, work) =>
      call(what, async () => {
        try {
          return await work();
        } catch (error) {
          if (statusOf(error) === 404) return undefined;
          throw error;
        }
      }),
    close: () => access.closeConnections(),
  };
}

const tolerableSkewMs = 5 * 60_000;

/** A refusal from a server whose clock is minutes away from ours has that one reason, and no other message finds it. */
function clockFailure(error: unknown, now: number): Error | undefined {
  if (!(error instanceof ApiException) || error.code !== 401) return undefined;
  const theirs = serverTime(error.headers);
  if (theirs === undefined || Math.abs(theirs - now) < tolerableSkewMs) return undefined;
  const minutes = Math.round((now - theirs) / 60_000);
  return failure(
    'SLIP-K8S-14',
    `this machine is ${Math.abs(minutes)} minutes ${minutes > 0 ? 'ahead of' : 'behind'} the API server`,
  );
}

/** The API server's clock (ms) as an answer's `Date` header gives it, in whole seconds. */
export function serverTime(headers: Record<string, string>): number | undefined {
  const time = Date.parse(headers['date'] ?? '');
  return Number.isNaN(time) ? undefined : time;
}
