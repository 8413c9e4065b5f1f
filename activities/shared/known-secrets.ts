import { formsOf, shortestSecret, type SecretForm } from './secret-forms.ts';

/** Takes values that it was told out of texts, in whatever form they are written. */
export interface Redactor {
  know(value: string): void;
  takeOut(text: string): string;
}

export const hidden = '[redacted]';
const mostValues = 200;

/**
 * In time that grows with the text alone, however many values are known: places where none can begin are passed over by the first two
 * characters, the few others are looked up by the first four. Forgets the value that was told longest ago when there are too many.
 */
export function createRedactor(): Redactor {
  const values = new Map<string, SecretForm[]>();
  let index: Index | undefined;
  return {
    know(value) {
      if (value.length < shortestSecret) return;
      const forms = values.get(value);
      values.delete(value);
      values.set(value, forms ?? [...formsOf(value), ...partsOfUrl(value)]);
      if (values.size > mostValues) values.delete(values.keys().next().value!);
      if (!forms) index = undefined;
    },
    takeOut(text) {
      if (values.size === 0) return text;
      index ??= indexOf([...values.values()].flat());
      return withoutForms(text, index);
    },
  };
}

/**
 * What this process has resolved, or logged in with. Kept for as long as it runs: a text may repeat a secret long after it was used, and
 * the memory of a process that resolves secrets holds them anyway.
 */
export const knownSecrets = createRedactor();

/** The password in a URL is a secret without the rest. So is the path of a webhook: whoever knows it may post. */
function partsOfUrl(value: string): SecretForm[] {
  const url = value.includes('://') ? URL.parse(value) : null;
  if (!url) return [];
  const path = `${url.pathname}${url.search}`;
  const isSecretPath = /^https?:$/.test(url.protocol) && path.length >= 16;
  return [url.password, decoded(url.password), ...(isSecretPath ? [path] : [])].flatMap(formsOf);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

interface Index {
  mayBegin: Uint8Array;
  byStart: Map<string, SecretForm[]>;
}

const pairOf = (text: string, at: number) => ((text.charCodeAt(at) * 257) ^ text.charCodeAt(at + 1)) & 0xffff;

function indexOf(forms: SecretForm[]): Index {
  const mayBegin = new Uint8Array(0x1_0000);
  const byStart = new Map<string, SecretForm[]>();
  for (const form of forms.sort((a, b) => b.text.length - a.text.length)) {
    mayBegin[pairOf(form.text, 0)] = 1;
    const start = form.text.slice(0, shortestSecret);
    byStart.set(start, [...(byStart.get(start) ?? []), form]);
  }
  return { mayBegin, byStart };
}

function withoutForms(text: string, { mayBegin, byStart }: Index): string {
  let clean = '';
  let told = 0;
  for (let at = 0; at <= text.length - shortestSecret; at += 1) {
    if (mayBegin[pairOf(text, at)] === 0) continue;
    const form = byStart.get(text.slice(at, at + shortestSecret))?.find((one) => text.startsWith(one.text, at));
    if (!form) continue;
    clean += text.slice(told, at) + hidden;
    told = at + form.text.length;
    told += form.rest?.exec(text.slice(told, told + 3))?.[0].length ?? 0;
    at = told - 1;
  }
  return told === 0 ? text : clean + text.slice(told);
}
