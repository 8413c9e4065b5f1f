// First: what follows may use what Node 20 does not have yet.
import './older-node.ts';
import { runProcess } from './run.ts';
import { withoutEngine } from './without-engine.ts';

/** The command line as a package of its own, made by scripts/pack.mjs. */
export const main = (): Promise<void> => runProcess(withoutEngine);
