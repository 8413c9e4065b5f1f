/** Being written. */
export function ComparePage() {
  return <h1>Comparison</h1>;
}
