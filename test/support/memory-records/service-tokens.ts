import type { Records } from '../../../activities/records/port.ts';
import type { StoredToken } from '../../../domain/contract/tokens.ts';
import { answering, copy } from './stored.ts';

export function memoryServiceTokens(): Records['tokens'] {
  let all: StoredToken[] = [];
  const isOf = (hash: string) => (one: StoredToken) => one.signed.token.hash === hash;
  return {
    add: answering((signed) => {
      const { hash, name } = signed.token;
      if (all.some((one) => isOf(hash)(one) || (one.signed.token.name === name && one.revokedBy === undefined)))
        return false;
      all = [{ signed: copy(signed) }, ...all];
      return true;
    }),
    find: answering((hash) => all.find(isOf(hash))),
    named: answering((name) => {
      const own = all.filter((one) => one.signed.token.name === name);
      const isGood = (one: StoredToken) => one.revokedBy === undefined;
      return [...own.filter(isGood), ...own.filter((one) => !isGood(one))].slice(0, 10);
    }),
    list: answering(() => all),
    revoke: answering((hash, by) => {
      all = all.map((one) => (isOf(hash)(one) ? { revokedBy: by, ...one } : one));
    }),
  };
}
