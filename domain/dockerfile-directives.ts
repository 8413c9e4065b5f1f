/** What stands before everything else in a Dockerfile and tells how it is to be read: `# name=value`, up to the first line of another form. */
export function directivesOf(dockerfile: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of dockerfile.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const [, name, value] = /^#\s*([A-Za-z][A-Za-z\d]*)\s*=\s*(\S.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) break;
    found.set(name.toLowerCase(), value.trim());
  }
  return found;
}

/** How lines go on: a backtick where the file says so. */
export function escapeOf(dockerfile: string): '`' | '\\' {
  return directivesOf(dockerfile).get('escape') === '`' ? '`' : '\\';
}

/**
 * What is to stand before the text of a Dockerfile so that BuildKit reads it by itself. `syntax` would have it fetch a program of the file's
 * choice, which then says what the build does: also which caches of others it gets. It counts in the first lines alone, in three forms
 * (`# syntax=`, `// syntax=`, an object of JSON), and none of them begins after a plain comment. What the file says of its escape is kept.
 */
export function headingWithoutSyntax(dockerfile: string): string {
  const escape = escapeOf(dockerfile) === '`' ? '# escape=`\n' : '';
  return `${escape}# read by the builder itself, whatever is said of a syntax below\n`;
}
