import { lazyParts } from './dev-parts.ts';
import { runProcess } from './run.ts';

/** The command line of a checkout or an image, where the whole engine is. */
export const main = (): Promise<void> => runProcess(lazyParts);

if (import.meta.main) await main();
