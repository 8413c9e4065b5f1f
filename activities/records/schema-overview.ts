/**
 * What people look at every few seconds, of all lanes at once: what is open among a hundred thousand releases, when a commit was verified, and
 * what came after it.
 */
export const overview = `
  create index attempts_open on slipway.attempts (position desc) where outcome is null;
  create index inventory_of_commit on slipway.inventory (service, environment, commit, verified_at desc) where state <> 'revoked';
  create index inventory_in_time on slipway.inventory (service, environment, verified_at desc) where state <> 'revoked';
`;
