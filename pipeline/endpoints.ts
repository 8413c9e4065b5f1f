import type { EndpointSpec } from '../domain/contract/release.ts';
import { durationMs } from './duration.ts';
import type { EndpointFile } from './endpoint-schema.ts';

/** With what is left out. */
export function endpointOf(name: string, endpoint: EndpointFile): EndpointSpec {
  const { successes = 3, timeout = '2m' } = endpoint;
  const base = { name, successes, timeoutMs: durationMs(timeout) };
  switch (endpoint.kind) {
    case 'http': {
      const { kind, url, status = 200, contains, headers, json } = endpoint;
      return { ...base, kind, url, status, ...given({ contains, headers, json }) };
    }
    case 'graphql': {
      const { kind, url, query, expect } = endpoint;
      return { ...base, kind, url, query, expect: { ...expect } };
    }
    case 'tcp': {
      const { kind, host, port } = endpoint;
      return { ...base, kind, host, port };
    }
    case 'grpc': {
      const { kind, host, port, tls = true, service } = endpoint;
      return { ...base, kind, host, port, tls, ...given({ service }) };
    }
    case 'dns': {
      const { kind, name: domainName, type, expect = {} } = endpoint;
      return { ...base, kind, domainName, type, ...given({ oneOf: expect.oneOf, contains: expect.contains }) };
    }
    case 'certificate': {
      const { kind, host, port = 443, validFor = '14d' } = endpoint;
      return { ...base, kind, host, port, validForMs: durationMs(validFor) };
    }
  }
}

/** Without what is not there. */
function given<Some extends object>(some: Some): { [Key in keyof Some]?: Exclude<Some[Key], undefined> } {
  return Object.fromEntries(Object.entries(some).filter(([, value]) => value !== undefined)) as never;
}

/** The key that names whom it asks. */
export function hostKeyOf({ kind }: Pick<EndpointFile, 'kind'>): 'url' | 'host' | 'name' {
  if (kind === 'http' || kind === 'graphql') return 'url';
  return kind === 'dns' ? 'name' : 'host';
}
