/**
 * Places and databases that one run changes: 200 components in 50 regions. Whoever looks at a lane goes through all of them, for each run since
 * what is verified there. Without a look at what is there, as in schema-bounds.ts.
 */
export const mostPlaces = `
  alter table slipway.touched add constraint most_places check (cardinality(what) <= 10000) not valid;
`;
