import type { ApiRequest } from './request.ts';
import type { AnyObject } from './types.ts';

/** One write by a client that changed something. Dry runs, refused writes and writes without a difference are not here, nor are the controllers' own. */
export interface Effect {
  verb: string;
  kind: string;
  namespace: string;
  name: string;
  subresource?: string;
  /** Image of the first container; absent for objects without containers. */
  image?: string;
  /** Images by container. */
  images?: Record<string, string>;
  /** ms since 1970. */
  at: number;
  userAgent: string;
  fieldManager: string;
}

export function effectOf(request: ApiRequest, object: AnyObject, at: number): Effect {
  const template =
    object.kind === 'Deployment' || object.kind === 'Job'
      ? object.spec.template.spec
      : object.kind === 'Pod'
        ? object.spec
        : undefined;
  const images =
    template && Object.fromEntries(template.containers.map((container) => [container.name, container.image]));
  const image = template?.containers[0]?.image;
  return {
    verb: request.verb,
    kind: object.kind,
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
    ...(request.subresource ? { subresource: request.subresource } : {}),
    ...(image ? { image } : {}),
    ...(images ? { images } : {}),
    at,
    userAgent: request.userAgent,
    fieldManager: managerName(request),
  };
}

/** As the API server names a writer that does not name itself: by the first word of its user agent. */
export function managerName(request: ApiRequest): string {
  return request.query.get('fieldManager') || request.userAgent.split('/')[0]?.slice(0, 128) || 'unknown';
}
