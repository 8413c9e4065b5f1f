/** Kubernetes' own error body. Clients decide by `code` and `reason`; people read `message`. */
export interface StatusBody {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: Record<string, never>;
  status: 'Failure' | 'Success';
  message?: string;
  reason?: string;
  details?: { name?: string; group?: string; kind?: string; causes?: StatusCause[]; retryAfterSeconds?: number };
  code: number;
}

export interface StatusCause {
  reason: string;
  message: string;
  field: string;
}

/** Thrown anywhere below the routes, answered as a Status with its code. */
export class ApiError extends Error {
  readonly body: StatusBody;

  constructor(code: number, reason: string, message: string, details?: StatusBody['details']) {
    super(message);
    this.name = 'ApiError';
    this.body = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      ...(details ? { details } : {}),
      code,
    };
  }
}

/** `resource` is the plural with its group, as the API server writes it: `deployments.apps`. */
export function notFound(resource: string, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${resource} "${name}" not found`, { name, ...splitGroup(resource) });
}

export function alreadyExists(resource: string, name: string): ApiError {
  return new ApiError(409, 'AlreadyExists', `${resource} "${name}" already exists`, { name, ...splitGroup(resource) });
}

export function modified(resource: string, name: string): ApiError {
  const message = `Operation cannot be fulfilled on ${resource} "${name}": the object has been modified; please apply your changes to the latest version and try again`;
  return new ApiError(409, 'Conflict', message, { name, ...splitGroup(resource) });
}

export function invalid(kind: string, name: string, causes: StatusCause[]): ApiError {
  const list = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const message = `${kind} "${name}" is invalid: ${list.length === 1 ? list[0] : `[${list.join(', ')}]`}`;
  return new ApiError(422, 'Invalid', message, { name, kind, causes });
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

/** The sandbox says what it does not simulate instead of pretending. */
export function notImplemented(what: string): ApiError {
  return new ApiError(501, 'NotImplemented', `the sandbox region does not implement ${what}`);
}

function splitGroup(resource: string): { kind: string; group?: string } {
  const [kind = resource, group] = resource.split(/\.(.*)/s);
  return group ? { kind, group } : { kind };
}
