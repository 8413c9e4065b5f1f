import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export interface Page {
  /** Relative to the repository. */
  file: string;
  text: string;
}

export interface Block {
  file: string;
  language: string;
  text: string;
}

/** The documents that users read. */
export function pages(): Page[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name));
  return ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...docs.sort()].map((file) => ({
    file,
    text: readFileSync(join(root, file), 'utf8'),
  }));
}

/** Fenced blocks, at any indentation. */
export function blocks(languages: string[]): Block[] {
  return pages().flatMap(({ file, text }) =>
    [...text.matchAll(/^( *)```(\w*)\n([^]*?)^ *```$/gm)]
      .map(([, indent = '', language = '', body = '']) => ({
        file,
        language,
        text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      }))
      .filter(({ language }) => languages.includes(language)),
  );
}

/** Blocks of commands of a page whose parts are numbered, by the number of the part that they stand in. */
export function commandsByPart(text: string): Record<string, string[]> {
  const sections = text.split(/^## (?=\d)/m).slice(1);
  return Object.fromEntries(
    sections.map((section) => {
      const found = [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands]) => commands!);
      return [section[0]!, found];
    }),
  );
}

export function withoutBlocks(text: string): string {
  return text.replaceAll(/^ *```[^]*?^ *```$/gm, '');
}

/** As GitHub names the anchor of a heading. */
export function anchors(text: string): string[] {
  return [...withoutBlocks(text).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}
