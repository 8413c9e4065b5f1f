import type { V1PodTemplateSpec } from '@kubernetes/client-node';

/** Images as written in a pod template, by container. */
export function imagesOf(template: V1PodTemplateSpec | undefined): Record<string, string> {
  return Object.fromEntries(
    (template?.spec?.containers ?? []).map((container) => [container.name, container.image ?? '']),
  );
}
