/** Who asked for a release, and that nobody has started it where that is so: `dana (promoted by itself)`. */
export function requesterInWords({ requestedBy, byItself }: { requestedBy: string; byItself?: true }): string {
  return byItself ? `${requestedBy} (promoted by itself)` : requestedBy;
}
