/** Whether an environment is one where customers are, by its name: no record and no policy says it. */
export function isProduction(environment: string): boolean {
  return /(^|-)(prod|production|live)(-|$)/.test(environment);
}
