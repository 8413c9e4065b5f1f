import type { FastifyInstance } from 'fastify';
import { sha256 } from '../../activities/shared/sha256.ts';
import { openApiText } from './openapi/document.ts';

/** The description of the API, to anybody. It is long, and another one with another version alone: whoever has it is told so. */
export function descriptionRoute(server: FastifyInstance): void {
  let tag: string | undefined;
  server.get('/openapi.json', (request, reply) => {
    const text = openApiText();
    tag ??= `"${sha256(text)}"`;
    void reply.header('etag', tag).header('cache-control', 'no-cache');
    const known = request.headers['if-none-match'] ?? '';
    return names(known, tag) ? reply.code(304).send() : reply.type('application/json').send(text);
  });
}

/** RFC 9110, 13.1.2: compared weakly, as whoever compresses on the way marks it weak. */
function names(known: string, tag: string): boolean {
  const tags = known.split(',').map((one) => one.trim().replace(/^W\//, ''));
  return tags.includes(tag) || tags.includes('*');
}
