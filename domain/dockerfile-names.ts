import { withoutVersion } from './images.ts';

/** No name is as long. Variables that stand for several others would grow without end. */
const mostCharacters = 4_096;

/** Keeps what an `ARG` before the first `FROM` declares: what is given goes before its default. */
export function declare(values: Map<string, string>, word: string, args: Readonly<Record<string, string>>): void {
  const [, name = '', given] = /^(\w+)(?:=(.*))?$/.exec(word) ?? [];
  const fallback = given === undefined ? undefined : substitute(given.replace(/^(["'])(.*)\1$/, '$2'), values);
  const value = Object.hasOwn(args, name) ? args[name] : fallback;
  if (value !== undefined) values.set(name, value);
}

/** Undefined when a variable stands in it whose value is not known here. */
export function substitute(text: string, values: ReadonlyMap<string, string>): string | undefined {
  let sure = true;
  let grown = text.length;
  const substituted = text.replace(/\$(?:(\w+)|\{(\w+)(?::([-+])([^}$]*))?\})/g, (_all, plain, braced, sign, word) => {
    const value = values.get((plain ?? braced) as string);
    grown += value?.length ?? 0;
    if (grown > mostCharacters) sure = false;
    if (!sure) return '';
    if (sign === '-') return value ? value : (word as string);
    if (sign === '+') return value ? (word as string) : '';
    sure = value !== undefined;
    return value ?? '';
  });
  return sure && !substituted.includes('$') ? substituted : undefined;
}

/** As Docker reads it: without a host it is Docker Hub's, without a tag `latest`. Beside a digest a tag says nothing. */
export function fullReference(written: string): string {
  const [image = '', digest] = written.split('@');
  const [first = '', ...rest] = image.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const named = hasHost ? image : `docker.io/${rest.length === 0 ? 'library/' : ''}${image}`;
  if (digest !== undefined) return `${withoutVersion(named)}@${digest}`;
  return withoutVersion(named) === named ? `${named}:latest` : named;
}

const reference =
  /^[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?(?:\/[a-z0-9][a-z0-9._-]*)+(?::\w[\w.-]{0,127}|@sha256:[0-9a-f]{64})$/;

/** Whether what is in full form can be the name of an image, by tag or digest, and nothing else. */
export const isReference = (full: string) => full.length <= mostCharacters && reference.test(full);
