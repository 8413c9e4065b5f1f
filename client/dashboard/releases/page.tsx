/** Being written. */
export function ReleasesPage() {
  return <h1>Releases</h1>;
}
