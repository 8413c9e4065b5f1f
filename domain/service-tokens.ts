import type { LaneKey } from './contract/names.ts';
import type { Millis } from './contract/release.ts';
import type { Caller, Grant, LaneAccess } from './contract/rights.ts';
import type { ServiceToken, StoredToken, TokenView } from './contract/tokens.ts';
import { refuseRight } from './rights.ts';

/** Every lane that it names. */
export function lanesOfToken({ services, environments }: Pick<ServiceToken, 'services' | 'environments'>): LaneKey[] {
  return services.flatMap((service) => environments.map((environment) => ({ service, environment })));
}

/** What it lets its person do. */
export function grantsOfToken({ rights, services, environments }: ServiceToken): Grant[] {
  return [{ rights, services, environments }];
}

/** Why whoever asks may not make that for somebody; undefined when they may. Nobody gives what they have not, and nobody decides or operates as others. */
export function refuseToken(
  caller: Caller,
  { person, rights }: Pick<ServiceToken, 'person' | 'rights'>,
  lanes: readonly LaneAccess[],
): string | undefined {
  if (caller.grants) return 'by a credential that is good for less than its person nobody makes another one';
  const acting = rights.find((right) => right === 'decide' || right === 'operate');
  if (acting && person !== caller.who.id)
    return `${caller.who.id} may not have ${person} ${acting} by a token: each makes their own for that`;
  return lanes
    .flatMap((lane) => [...rights, 'operate' as const].map((right) => refuseRight(caller, right, lane)))
    .find((refused) => refused !== undefined);
}

export function stateOfToken({ signed, revokedBy }: StoredToken, now: Millis): TokenView['state'] {
  if (revokedBy !== undefined) return 'revoked';
  return signed.token.expiresAt <= now ? 'expired' : 'good';
}

export function tokenView(stored: StoredToken, now: Millis): TokenView {
  const { hash: _hash, rights, ...told } = stored.signed.token;
  const { revokedBy } = stored;
  return {
    ...told,
    rights: [...rights],
    state: stateOfToken(stored, now),
    ...(revokedBy !== undefined && { revokedBy }),
  };
}
