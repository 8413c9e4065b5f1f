/** Whether a name is one of these: each is exact, or ends in `*`, which stands for anything but `/`. */
export function fitsAny(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    if (!pattern.endsWith('*')) return name === pattern;
    const beginning = pattern.slice(0, -1);
    return name.startsWith(beginning) && !name.slice(beginning.length).includes('/');
  });
}
