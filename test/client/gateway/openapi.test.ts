import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { openApiDocument } from '../../../client/gateway/openapi/document.ts';
import { errorCodes } from '../../../client/gateway/openapi/operation.ts';
import { allOperations } from '../../../client/gateway/openapi/operations.ts';
import { requireSchema } from './documented.ts';
import { useGateway } from './gateway.ts';

const start = useGateway();

describe('the description of the API', () => {
  it('has all that the gateway answers, and nothing else', () => {
    const served = start()
      .routes.filter(({ method }) => method !== 'HEAD')
      .map(({ method, path }) => `${method} ${path}`);
    expect(allOperations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(served.sort());
  });

  it('names each operation once, by a name of its own', () => {
    const ids = allOperations.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(allOperations.map((operation) => [operation.id, operation] as const))(
    'tells the parameters of %s, each of them',
    (_id, { path, parameters = {} }) => {
      expect(Object.keys(parameters)).toEqual((path.match(/:\w+/g) ?? []).map((name) => name.slice(1)));
    },
  );

  it.each(allOperations.map((operation) => [operation.id, operation] as const))(
    'has an example of %s that is what its schemas say',
    (_id, { example, query, body, answers, parameters = {} }) => {
      expect(Object.keys(example.parameters ?? {})).toEqual(Object.keys(parameters));
      if (query) z.parse(query, example.query ?? {});
      expect(example.body === undefined).toBe(body === undefined);
      if (body) z.parse(body, example.body);
      requireSchema(Object.values(answers)[0]!.schema, example.answer);
    },
  );

  it('is told to anybody, and is the same whoever asks', async () => {
    const { server, askedRecords, askedTemporal } = start();
    const { statusCode, headers, body } = await server.inject({ url: '/openapi.json' });
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toContain('application/json');
    expect(headers).not.toHaveProperty('slipway-version');
    expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
    expect([...askedRecords, ...askedTemporal]).toEqual([]);
  });

  it('is not sent again to whoever has it', async () => {
    const { server } = start();
    const asked = (known?: string) =>
      server.inject({ url: '/openapi.json', ...(known !== undefined && { headers: { 'if-none-match': known } }) });
    const first = await asked();
    const tag = String(first.headers['etag']);
    expect(tag).toMatch(/^"[0-9a-f]{64}"$/);
    for (const known of [tag, `W/${tag}`, `"older", ${tag}`, '*']) {
      const { statusCode, headers, body } = await asked(known);
      expect([statusCode, headers['etag'], body]).toEqual([304, tag, '']);
    }
    for (const other of ['"older"', tag.slice(1, -1), '']) {
      const { statusCode, body } = await asked(other);
      expect([statusCode, body]).toEqual([200, first.body]);
    }
  });

  it('refers only to what is in it, and every part is referred to', () => {
    const document = openApiDocument();
    const { schemas } = document['components'] as { schemas: Record<string, unknown> };
    const named = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g);
    expect([...new Set([...named].map(([, name]) => name!))].sort()).toEqual(Object.keys(schemas));
  });

  it('names every code that it may be refused with', () => {
    const text = JSON.stringify(openApiDocument());
    const missing = Object.keys(errorCodes).filter((code) => !text.includes(`\`${code}\``));
    expect(missing).toEqual([]);
  });
});
