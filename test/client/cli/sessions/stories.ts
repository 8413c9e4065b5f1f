export { commit, id, seconds } from './story-parts.ts';
export * from './story-well.ts';
export * from './story-badly.ts';
export * from './lists.ts';
