import type { V1LabelSelector } from '@kubernetes/client-node';

/** A label selector as the query parameter wants it: `app=api,tier in (web,edge),!legacy`. */
export function labelSelector(selector: V1LabelSelector | undefined): string {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(([name, value]) => `${name}=${value}`);
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values }) => {
    switch (operator) {
      case 'Exists':
        return key;
      case 'DoesNotExist':
        return `!${key}`;
      default:
        return `${key} ${operator === 'NotIn' ? 'notin' : 'in'} (${(values ?? []).join(',')})`;
    }
  });
  return [...equal, ...expressions].join(',');
}
