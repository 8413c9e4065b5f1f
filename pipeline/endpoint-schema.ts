import { z } from 'zod';
import * as field from './fields.ts';
import { forms } from './forms.ts';

/** What a region is asked after a deployment, by `kind`. Defaults are in `endpoints.ts`. */

const patience = {
  successes: field.wholeNumber(1, 100).optional().describe('Good answers in a row. Default: 3.'),
  timeout: field.duration('1s', '1h').optional().describe('How long to go on asking. Default: 2m.'),
};
const asked = {
  url: field.url.describe('What is asked, http or https. The policy must allow its host.'),
  ...patience,
};
const host = field.hostName.describe('What is asked: a name or an address. The policy must allow it.');
const port = field.wholeNumber(1, 65_535);
const scalar = z.union([z.string(), z.number(), z.boolean()], 'must be a text, a number, true or false');

const header = z
  .string()
  .max(100, 'must be at most 100 characters')
  .regex(/^[\w!#$%&'+*.^`|~-]+$/, 'must be the name of a header such as `content-type`');
const headerValue = z.union(
  [field.line, z.strictObject({ contains: field.line.describe('Text that the header must hold.') })],
  forms.headerValue,
);

const http = z.strictObject({
  kind: z.literal('http').describe('A page or an interface that answers with a status.'),
  ...asked,
  status: field.wholeNumber(100, 599).optional().describe('The status that it must answer with. Default: 200.'),
  contains: field.line.optional().describe('Text that the body must contain.'),
  headers: z
    .record(header, headerValue)
    .optional()
    .describe('Headers of the answer, by name: the value, or `contains` with a part of it.'),
  json: z
    .record(
      z.string().regex(/^[\w$@-]+(\.[\w$@-]+)*$/, 'must be a dotted path such as `database.ready` or `items.0.name`'),
      scalar,
    )
    .optional()
    .describe('Values that the body, read as JSON, must hold, by dotted path.'),
});

const graphql = z.strictObject({
  kind: z.literal('graphql').describe('An interface that is asked by a query.'),
  ...asked,
  query: field.prose.describe('What is asked.'),
  expect: z
    .record(z.string().regex(/^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$/, 'must be a dotted path into `data`'), scalar)
    .optional()
    .describe('Values that `data` must hold, by dotted path.'),
});

const tcp = z.strictObject({
  kind: z.literal('tcp').describe('A port that takes connections.'),
  host,
  port: port.describe('Where it listens.'),
  ...patience,
});

const grpc = z.strictObject({
  kind: z.literal('grpc').describe('A server that says by the health protocol of gRPC whether it is serving.'),
  host,
  port: port.describe('Where it listens.'),
  tls: z.boolean().optional().describe('Whether it is asked over TLS. Default: true.'),
  service: field.line.optional().describe('Whose health is asked for. Default: that of the server as a whole.'),
  ...patience,
});

const addresses: Record<string, { form: RegExp; message: string } | undefined> = {
  A: {
    form: /^[0-9]{1,3}(\.[0-9]{1,3}){3}$/,
    message: 'must be an IPv4 address such as `203.0.113.7`, as records of type A are',
  },
  AAAA: {
    form: /^(?=.*:)[0-9A-Fa-f:.]+$/,
    message: 'must be an IPv6 address such as `2001:db8::7`, as records of type AAAA are',
  },
};
const dns = z
  .strictObject({
    kind: z.literal('dns').describe('What the servers of names answer.'),
    name: field.domainName.describe('The name that is looked up. The policy must allow it.'),
    type: z.enum(['A', 'AAAA', 'CNAME', 'TXT']).describe('The type of its records.'),
    expect: z
      .strictObject({
        oneOf: field
          .distinct(field.line)
          .min(1, 'must name at least one record')
          .optional()
          .describe('Records: each that is there must be one of these.'),
        contains: field.line.optional().describe('Text that one of the records must hold.'),
      })
      .refine(({ oneOf, contains }) => oneOf !== undefined || contains !== undefined, 'must have `oneOf` or `contains`')
      .optional()
      .describe('What the records must be. Default: anything.'),
    ...patience,
  })
  .superRefine(({ type, expect }, context) => {
    const other = addresses[type];
    expect?.oneOf?.forEach((record, index) => {
      if (other?.form.test(record) === false)
        context.addIssue({ code: 'custom', path: ['expect', 'oneOf', index], message: other.message });
    });
  });

const certificate = z.strictObject({
  kind: z.literal('certificate').describe('The certificate that a server shows.'),
  host,
  port: port.optional().describe('Default: 443.'),
  validFor: field
    .duration('1h', '400d')
    .optional()
    .describe('How long it, and what has signed it, must still be valid. Default: 14d.'),
  ...patience,
});

export const endpoint = z.discriminatedUnion('kind', [http, graphql, tcp, grpc, dns, certificate]);
export type EndpointFile = z.infer<typeof endpoint>;
