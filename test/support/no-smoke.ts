import type { SmokeJobs } from '../../activities/smoke/port.ts';

const asked = () => Promise.reject(new Error('no smoke test is run here'));

/** Where no plan names a smoke test. */
export const noSmoke: SmokeJobs = { look: asked, start: asked, observe: asked, remove: asked };
