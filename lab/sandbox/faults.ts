import { ApiError } from './api-error.ts';
import { qualifiedName } from './kinds.ts';
import type { ApiRequest } from './request.ts';

/** Which requests a fault meets: all that is named must fit. `patch` includes server-side applies; `apply` means only these. */
export interface FaultMatch {
  verb?: string;
  kind?: string;
  name?: string;
  namespace?: string;
  subresource?: string;
  /** Whether dry runs are met (true), real requests (false), or both (left out; but see the faults that concern writes). */
  dryRun?: boolean;
}

/** Faults on demand; each is used up by the requests it meets. */
export interface Faults {
  /** The next matching request is carried out and its connection destroyed without an answer. Meets no dry runs unless asked. */
  loseNextReply(match: FaultMatch): void;
  /** The next `times` (1) matching requests are answered with that status and not carried out. */
  failNext(match: FaultMatch, status: number, times?: number): void;
  /** The next matching request waits that long before it is carried out; with `times`, as many of them. */
  delay(match: FaultMatch, ms: number, times?: number): void;
  /**
   * Somebody else writes the object just before the next matching request is carried out: its resourceVersion moves on, so a request
   * that names the version it has read gets 409. One that names none goes through, as on a real server. Meets no dry runs unless asked.
   */
  conflictNext(match: FaultMatch): void;
  /** From now on matching requests are answered with 403 and not carried out, and whoever asks for its rights is told so. */
  forbid(match: FaultMatch): void;
  /** While on, every API connection is cut without an answer, open watches included. Applications go on answering. */
  unreachable(on: boolean): void;
  /** Forgets every fault. */
  clear(): void;
}

/** What a match looks at of a request. */
export type Asked = Pick<ApiRequest, 'verb' | 'name' | 'namespace' | 'subresource' | 'dryRun'> & {
  type: Pick<ApiRequest['type'], 'kind'>;
};

export interface FaultPlan {
  faults: Faults;
  isUnreachable(): boolean;
  /** Whether a request is one that nobody may make. */
  forbids(asked: Asked): boolean;
  /** The error to answer with instead of carrying the request out. */
  failureFor(request: ApiRequest): ApiError | undefined;
  delayFor(request: ApiRequest): number;
  conflicts(request: ApiRequest): boolean;
  losesReply(request: ApiRequest): boolean;
}

interface Planned {
  what: 'lose' | 'fail' | 'delay' | 'conflict';
  match: FaultMatch;
  value: number;
  times: number;
}

const reasons: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** `cut` is called when the region becomes unreachable. */
export function createFaults(cut: () => void): FaultPlan {
  let planned: Planned[] = [];
  let forbidden: FaultMatch[] = [];
  let off = false;
  const plan = (what: Planned['what'], match: FaultMatch, value: number, times: number) =>
    void planned.push({ what, match, value, times });

  function take(what: Planned['what'], request: ApiRequest): Planned | undefined {
    const found = planned.find((fault) => fault.what === what && meets(fault, request));
    if (found) found.times -= 1;
    planned = planned.filter((fault) => fault.times > 0);
    return found;
  }

  const forbids = (asked: Asked) => forbidden.some((match) => meets({ what: 'forbid', match }, asked));

  return {
    faults: {
      loseNextReply: (match) => plan('lose', match, 0, 1),
      failNext: (match, status, times = 1) => plan('fail', match, status, times),
      delay: (match, ms, times = 1) => plan('delay', match, ms, times),
      conflictNext: (match) => plan('conflict', match, 0, 1),
      forbid: (match) => void forbidden.push(match),
      unreachable(on) {
        off = on;
        if (on) cut();
      },
      clear() {
        planned = [];
        forbidden = [];
        off = false;
      },
    },
    isUnreachable: () => off,
    forbids,
    delayFor: (request) => take('delay', request)?.value ?? 0,
    failureFor(request) {
      if (forbids(request)) return forbiddenTo(request);
      const fault = take('fail', request);
      const details = fault?.value === 429 ? { retryAfterSeconds: 1 } : undefined;
      return (
        fault &&
        new ApiError(
          fault.value,
          reasons[fault.value] ?? 'Unknown',
          `fault on demand: ${request.verb} ${request.type.plural} ${request.name}`,
          details,
        )
      );
    },
    conflicts: (request) => take('conflict', request) !== undefined,
    losesReply: (request) => take('lose', request) !== undefined,
  };
}

/** In the words of an API server. */
function forbiddenTo({ verb, type, subresource, namespace, name }: ApiRequest): ApiError {
  const on = `${qualifiedName(type)}${name && ` "${name}"`} is forbidden: User "slipway" cannot ${verb === 'apply' ? 'patch' : verb}`;
  const resource = subresource ? `${type.plural}/${subresource}` : type.plural;
  const where = `in API group "${type.group}" in the namespace "${namespace}"`;
  return new ApiError(403, 'Forbidden', `${on} resource "${resource}" ${where}`);
}

function meets(
  { what, match }: Pick<Planned, 'match'> & { what: Planned['what'] | 'forbid' },
  request: Asked,
): boolean {
  const verbs = request.verb === 'apply' ? ['apply', 'patch'] : [request.verb as string];
  const dryRun = match.dryRun ?? (what === 'lose' || what === 'conflict' ? false : undefined);
  return (
    (match.verb === undefined || verbs.includes(match.verb)) &&
    (match.kind === undefined || match.kind === request.type.kind) &&
    (match.name === undefined || match.name === request.name) &&
    (match.namespace === undefined || match.namespace === request.namespace) &&
    (match.subresource === undefined || match.subresource === request.subresource) &&
    (dryRun === undefined || dryRun === request.dryRun)
  );
}
