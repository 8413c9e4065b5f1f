/** Numbers say which of what there is. */
export const pick = <T>(from: readonly T[], n = 0): T => from[n % from.length]!;
export const newest = <T>(from: readonly T[], n = 0): T => from[from.length - 1 - (n % from.length)]!;
export const regionsBy = (n = 0) => pick([undefined, undefined, ['de'], ['nl'], ['de', 'nl']], n);
