/**
 * How the operator's policy names a host, as `URL.hostname` writes it; undefined when it does not. Whoever may push to a repository may
 * also own a name below a domain, so that only an exact name stands for what its operator knows to be behind it.
 */
export function namedHost(hostname: string, hosts: readonly string[]): 'exactly' | 'by its domain' | undefined {
  if (hosts.includes(hostname)) return 'exactly';
  const below = hosts.some((host) => host.startsWith('*.') && hostname.endsWith(host.slice(1)));
  return below ? 'by its domain' : undefined;
}
