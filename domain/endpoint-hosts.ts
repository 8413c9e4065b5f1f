import type { EndpointSpec } from './contract/release.ts';

/**
 * How the operator's policy names a host, as `URL.hostname` writes it; undefined when it does not. Whoever may push to a repository may
 * also own a name below a domain, so that only an exact name stands for what its operator knows to be behind it.
 */
export function namedHost(hostname: string, hosts: readonly string[]): 'exactly' | 'by its domain' | undefined {
  if (hosts.includes(hostname)) return 'exactly';
  const below = hosts.some((host) => host.startsWith('*.') && hostname.endsWith(host.slice(1)));
  return below ? 'by its domain' : undefined;
}

/**
 * The host that an endpoint names, in the form of `URL.hostname`, in whatever form it is written: what is held against the policy, and
 * asked. Undefined where it names none.
 */
export function hostOfEndpoint(endpoint: EndpointSpec): string | undefined {
  switch (endpoint.kind) {
    case 'http':
    case 'graphql':
      return URL.parse(endpoint.url)?.hostname || undefined;
    case 'tcp':
    case 'grpc':
    case 'certificate':
      return plainHostname(endpoint.host);
    case 'dns':
      return plainHostname(endpoint.domainName);
  }
}

/** With its port, as people are told where it is. */
export function addressOfEndpoint(endpoint: EndpointSpec): string {
  if ('url' in endpoint) return URL.parse(endpoint.url)?.host || 'no host';
  const host = hostOfEndpoint(endpoint) ?? 'no host';
  return 'port' in endpoint ? `${host}:${endpoint.port}` : host;
}

/** A host alone: no port, no path, no login. */
function plainHostname(text: string): string | undefined {
  const isAlone = /^(?:[^/?#@:\\[\]\s]+|\[[^/?#@\\[\]\s]+\])$/.test(text);
  return isAlone ? URL.parse(`http://${text}/`)?.hostname : undefined;
}
