import type { Records } from '../../../activities/records/port.ts';
import { answering } from './stored.ts';

export function memoryCredentials(): Records['credentials'] {
  const used = new Map<string, string>();
  return {
    use: answering(({ id, use }) => {
      if (!used.has(id)) used.set(id, use);
      return used.get(id) === use;
    }),
  };
}
