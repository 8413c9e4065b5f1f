/** Being written. */
export function LanesPage() {
  return <h1>Lanes</h1>;
}
