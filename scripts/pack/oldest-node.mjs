/** The oldest Node that the command alone runs on: the engine's is in package.json. What it lacks, `client/cli/older-node.ts` adds. */
export const oldestNode = 20;
