/** Being written. */
export function LanePage() {
  return <h1>Lane</h1>;
}
