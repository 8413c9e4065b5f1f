/**
 * `owner/name` of a repository by its address: https, ssh, or as `git@host:owner/name.git`. Undefined for what GitHub would call otherwise, such
 * as a path.
 */
export function githubRepositoryOf(address: string): { host: string; repository: string } | undefined {
  const [, short, shortPath] = /^[\w.-]{1,64}@([A-Za-z0-9.-]{1,253}):(?!\/)(.{1,300})$/.exec(address) ?? [];
  const url = short === undefined ? URL.parse(address) : null;
  const host = short ?? url?.hostname;
  const path = shortPath ?? url?.pathname.slice(1);
  const [, owner, name] = /^([A-Za-z0-9-]{1,100})\/([A-Za-z0-9._-]{1,104})\/?$/.exec(path ?? '') ?? [];
  const bare = name?.replace(/\.git$/, '');
  if (!host || !owner || !bare || /^\.+$/.test(bare)) return undefined;
  return { host: host.toLowerCase(), repository: `${owner}/${bare}` };
}
