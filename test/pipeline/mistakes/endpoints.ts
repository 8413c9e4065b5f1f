import type { Edit, Mistake } from './answers.ts';

/** Line 108 of the good file is an endpoint. */
const asks = (endpoint: string): { slipway: Edit } => ({ slipway: { 108: `          nl: ${endpoint}` } });
const kinds = '`http`, `graphql`, `tcp`, `grpc`, `dns`, `certificate`';
const host = 'must be a host alone such as `shop.example.com`: lower-case, no scheme, no port, no path';
const domain = 'must be a name such as `shop.example.com`: lower-case, no scheme, no port, no path, and no address';

// prettier-ignore
export const endpoints: Mistake[] = [
  ['one of each kind, which is right', asks('{ kind: tcp, host: nl.example.com, port: 25 }\n          grpc: { kind: grpc, host: nl.example.com, port: 1, tls: false, service: shop }\n          dns: { kind: dns, name: _dmarc.example.com, type: TXT, expect: { contains: v=DMARC1 } }\n          tls: { kind: certificate, host: nl.example.com }'), []],
  ['the address of a port', asks('tcp://nl.example.com:5672'), ['108:15 `nl` must be keys and values, not a text | write `nl: { kind: tcp, host: nl.example.com, port: 5672 }`']],
  ['the address of a gRPC server', asks('grpc://nl.example.com:50051'), ['108:15 `nl` must be keys and values, not a text | write `nl: { kind: grpc, host: nl.example.com, port: 50051 }`']],
  ['a URL for a port', asks("{ kind: tcp, url: 'tcp://nl.example.com:25' }"), ['108:28 unknown key `url` | it belongs to `kind: http`, `graphql`; `kind: tcp` has `host` and `port`']],
  ['a URL for a gRPC server, with its port', asks("{ kind: grpc, url: 'https://nl.example.com', port: 1 }"), ['108:29 unknown key `url` | it belongs to `kind: http`, `graphql`; `kind: grpc` has `host`']],
  ['a host and a port for a page', asks('{ kind: http, host: nl.example.com, port: 80 }'), ['108:29 unknown keys `host`, `port` | they belong to `kind: tcp`, `grpc`, `certificate`; `kind: http` has `url`']],
  ['a query, with the values of JSON', asks("{ kind: graphql, url: 'https://nl.example.com', query: '{ a }', json: { a: 1 } }"), ['108:79 unknown key `json` | it belongs to `kind: http`']],
  ['keys of several kinds', asks("{ kind: tcp, host: nl.example.com, port: 1, tls: true, validFor: 1d }"), ['108:59 unknown keys `tls`, `validFor` | they belong to other kinds']],
  ['a host for a name', asks('{ kind: dns, host: nl.example.com, type: A }'), ['108:28 unknown key `host` | it belongs to `kind: tcp`, `grpc`, `certificate`; `kind: dns` has `name`']],
  ['a key that is written wrongly', asks('{ kind: tcp, hosst: nl.example.com, port: 25 }'), ['108:28 unknown key `hosst` | did you mean `host`?']],
  ['a key that nobody knows', asks('{ kind: tcp, host: nl.example.com, port: 25, weight: 1 }'), ['108:60 unknown key `weight` | known here: `kind`, `host`, `port`, `successes`, `timeout`']],
  ['a kind in capitals', asks('{ kind: TCP, host: nl.example.com, port: 25 }'), [`108:23 \`kind\` must be one of ${kinds} | did you mean \`tcp\`?`]],
  ['no port', asks('{ kind: tcp, host: nl.example.com }'), ['108:11 `port` is missing']],
  ['a port in the host', asks("{ kind: tcp, host: 'nl.example.com:25' }"), [`108:34 \`host\` ${host} | write \`host: nl.example.com\` and \`port: 25\``]],
  ['a port in the host, and beside it', asks("{ kind: tcp, host: 'nl.example.com:25', port: 25 }"), [`108:34 \`host\` ${host} | write \`host: nl.example.com\` and \`port: 25\``]],
  ['a URL as the host', asks("{ kind: certificate, host: 'https://nl.example.com/' }"), [`108:42 \`host\` ${host} | write \`host: nl.example.com\``]],
  ['a host in capitals', asks('{ kind: certificate, host: NL.Example.com }'), [`108:42 \`host\` ${host} | write \`host: nl.example.com\``]],
  ['an address in another form', asks("{ kind: certificate, host: '127.1' }"), ['108:42 `host` must be written as a URL is read: an IPv4 address in four decimal parts, an IPv6 address in brackets and shortened']],
  ['a port as a text', asks("{ kind: tcp, host: nl.example.com, port: '25' }"), ['108:56 `port` must be a whole number | write `port: 25`']],
  ['a port that there is not', asks('{ kind: tcp, host: nl.example.com, port: 65536 }'), ['108:56 `port` must be at most 65535']],
  ['yes for TLS', asks('{ kind: grpc, host: nl.example.com, port: 1, tls: yes }'), ['108:65 `tls` must be true or false, not a text | write `tls: true`']],
  ['days without a unit', asks('{ kind: certificate, host: nl.example.com, validFor: 14 }'), ['108:68 `validFor` must be a duration such as `30s`, `10m`, `24h` or `7d` | write a unit behind the number: `s`, `m`, `h` or `d`']],
  ['a type in small letters', asks('{ kind: dns, name: nl.example.com, type: aaaa }'), ['108:56 `type` must be one of `A`, `AAAA`, `CNAME`, `TXT` | did you mean `AAAA`?']],
  ['a type that is not looked up', asks('{ kind: dns, name: nl.example.com, type: SRV }'), ['108:56 `type` must be one of `A`, `AAAA`, `CNAME`, `TXT`']],
  ['an address for a name', asks('{ kind: dns, name: 203.0.113.7, type: A }'), [`108:34 \`name\` ${domain}`]],
  ['a URL for a name', asks("{ kind: dns, name: 'https://nl.example.com', type: A }"), [`108:34 \`name\` ${domain} | write \`name: nl.example.com\``]],
  ['a record for what is expected', asks('{ kind: dns, name: nl.example.com, type: A, expect: 203.0.113.7 }'), ["108:67 `expect` must be keys and values, not a text | write `expect: { oneOf: ['203.0.113.7'] }`"]],
  ['records for what is expected', asks('{ kind: dns, name: nl.example.com, type: A, expect: [203.0.113.7, 203.0.113.8] }'), ["108:67 `expect` must be keys and values, not a list | write `expect: { oneOf: ['203.0.113.7', '203.0.113.8'] }`"]],
  ['nothing for what is expected', asks('{ kind: dns, name: nl.example.com, type: A, expect: {} }'), ['108:67 `expect` must have `oneOf` or `contains`']],
  ['what is expected, not indented', asks('\n            kind: dns\n            name: nl.example.com\n            type: A\n            expect:\n            contains: 203'), ['112:13 `expect` is empty | indent what belongs to it further: `contains`']],
  ['an empty host, and a URL', asks("{ kind: tcp, host:, port: 1, url: 'https://nl.example.com' }"), ['108:28 `host` is empty | it must be a text', '108:44 unknown key `url` | it belongs to `kind: http`, `graphql`']],
  ['a name for an address', asks('{ kind: dns, name: nl.example.com, type: A, expect: { oneOf: [de.example.com] } }'), ['108:77 the entry must be an IPv4 address such as `203.0.113.7`, as records of type A are']],
  ['an address of the other kind', asks('{ kind: dns, name: nl.example.com, type: AAAA, expect: { oneOf: [203.0.113.7] } }'), ['108:80 the entry must be an IPv6 address such as `2001:db8::7`, as records of type AAAA are']],
  ['a text for the values that GraphQL must answer', asks("{ kind: graphql, url: 'https://nl.example.com', query: '{ a }', expect: a }"), ['108:87 `expect` must be keys and values, not a text']],
  ['a number for a header', asks("{ kind: http, url: 'https://nl.example.com', headers: { x-version: 1.20 } }"), ['108:82 `x-version` must be a text, or `{ contains: … }` with a part of it | put it in quotes']],
  ['a space in the name of a header', asks("{ kind: http, url: 'https://nl.example.com', headers: { 'x version': a } }"), ['108:71 `x version` must be the name of a header such as `content-type`']],
  ['a path of another tool', asks("{ kind: http, url: 'https://nl.example.com', json: { 'items[0].name': a } }"), ['108:68 `items[0].name` must be a dotted path such as `database.ready` or `items.0.name`']],
  ['a list of values', asks("{ kind: http, url: 'https://nl.example.com', json: { items: [1] } }"), ['108:75 `items` must be a text, a number, true or false']],
  ['a host that the policy does not name', asks('{ kind: tcp, host: nl.example.org, port: 25 }'), ['108:34 the host `nl.example.org` may not be used by `saleor` here, the policy allows `*.example.com` (policy.yaml:51) | the operator must add `nl.example.org` to `environments.production.endpointHosts`']],
  ['a name that the policy does not name', asks('{ kind: dns, name: example.com, type: A }'), ['108:34 the name `example.com` may not be used by `saleor` here, the policy allows `*.example.com` (policy.yaml:51) | did you mean `*.example.com`? If not, the operator must add `example.com` to `environments.production.endpointHosts`']],
];
