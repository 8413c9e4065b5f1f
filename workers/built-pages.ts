import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** As scripts/build-dashboard.mjs leaves it. */
export const builtPages = fileURLToPath(new URL('../client/dashboard/dist', import.meta.url));

/** A gateway without them has no pages. What is half made has no such mark. */
export function arePagesBuilt(): boolean {
  return existsSync(join(builtPages, '.made-of'));
}
