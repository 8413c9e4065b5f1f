import { failure } from '../../domain/errors/catalogue.ts';

/** An image by name, taken apart. `reference` is a tag or a digest. */
export interface ImageName {
  /** As written, with its port. */
  host: string;
  repository: string;
  reference: string;
}

const repositoryPattern = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const hostPattern =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^sha256:[0-9a-f]{64}$/;

/** `host[:port]/repository`, both always there. Throws SLIP-IMG-6. */
export function parseRepository(text: string): { host: string; repository: string } {
  const slash = text.indexOf('/');
  const host = text.slice(0, slash);
  const repository = text.slice(slash + 1);
  const isHost = slash > 0 && hostPattern.test(host) && (/[.:]/.test(host) || host === 'localhost');
  if (!isHost || !repositoryPattern.test(repository)) {
    throw failure(
      'SLIP-IMG-6',
      `${JSON.stringify(text)} is not of the form host[:port]/repository, with a host that has a dot or a port`,
    );
  }
  return { host, repository };
}

/** `host/repository:tag` or `host/repository@sha256:…`. Throws SLIP-IMG-6. */
export function parseReference(text: string): ImageName {
  const at = text.indexOf('@');
  if (at >= 0) return { ...parseRepository(text.slice(0, at)), reference: requireDigest(text.slice(at + 1)) };
  const colon = text.lastIndexOf(':');
  if (colon < text.lastIndexOf('/'))
    throw failure('SLIP-IMG-6', `${JSON.stringify(text)} names neither a tag nor a digest`);
  return { ...parseRepository(text.slice(0, colon)), reference: requireTag(text.slice(colon + 1)) };
}

export function requireTag(tag: string): string {
  if (!tagPattern.test(tag)) throw failure('SLIP-IMG-6', `${JSON.stringify(tag)} is not a tag`);
  return tag;
}

export const isDigest = (text: string) => digestPattern.test(text);

function requireDigest(digest: string): string {
  if (!isDigest(digest)) throw failure('SLIP-IMG-6', `${JSON.stringify(digest)} is not a sha256 digest`);
  return digest;
}
