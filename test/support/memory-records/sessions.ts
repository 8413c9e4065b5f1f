import type { Records } from '../../../activities/records/port.ts';
import type { SignedSession } from '../../../domain/contract/sessions.ts';
import { answering, copy } from './stored.ts';
import type { Clock } from './stored.ts';

const hour = 3_600_000;

export function memorySessions(now: Clock): Records['sessions'] {
  const all = new Map<string, { signed: SignedSession; begunAt: number; usedAt: number; ended: boolean }>();
  return {
    begin: answering((signed) => {
      const { hash } = signed.session;
      const at = now();
      if (!all.has(hash)) all.set(hash, { signed: copy(signed), begunAt: at, usedAt: at, ended: false });
    }),
    find: answering((hash, { isUse }) => {
      const [found, at] = [all.get(hash), now()];
      if (!found || found.ended || found.begunAt <= at - 12 * hour || found.usedAt <= at - hour) return undefined;
      if (isUse) found.usedAt = at;
      return found.signed;
    }),
    end: answering((hash) => {
      const found = all.get(hash);
      if (found) found.ended = true;
    }),
  };
}
