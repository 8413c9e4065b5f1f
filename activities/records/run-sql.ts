/** What statements ask of a run, by the column that holds its id. */

/** `service/environment`. */
export function laneOf(column: string): string {
  return `split_part(${column}, '/', 2) || '/' || split_part(${column}, '/', 3)`;
}

/** How it has ended is on record: of a release in its attempt, of a rollback in its result. */
export function hasEnded(column: string): string {
  return `(exists (select from slipway.attempts where release_id = ${column} and outcome is not null)
    or exists (select from slipway.documents where release_id = ${column} and name = 'result'))`;
}
