/** How far apart the clock of Temporal, by which runs and lanes go, and that of the records may be, ms. */
export const mostSkewMs = 10_000;
