/** Of the page of a run in the dashboard. `origin`: of the gateway as browsers have it, without a slash at its end. */
export function pageOfRun(origin: string, releaseId: string): string {
  return `${origin}/runs/${releaseId.split('/').map(encodeURIComponent).join('/')}`;
}
