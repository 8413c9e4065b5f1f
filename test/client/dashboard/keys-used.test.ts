import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { keyOfDecision, keys } from '../../../client/dashboard/words/keys.ts';

const dashboard = join(import.meta.dirname, '../../../client/dashboard');

/** Nothing carries these: they are for rows, for what has the focus, and for the list itself. */
const carriedByNothing = ['j', 'k', 'Enter', 'Esc', '?'];

/** What the elements of a file carry; throws for one whose name cannot be told from the text. */
function keysIn(text: string): string[] {
  return [...text.matchAll(/data-key=(?:"([^"]*)"|\{([^}]*)\})/g)].flatMap(([whole, name, from = '']) => {
    if (name !== undefined) return [name];
    if (from.startsWith('keyOfDecision[')) return Object.values(keyOfDecision).map(String);
    const listed = [...text.matchAll(new RegExp(`\\b${from}: '([^']+)'`, 'g'))].map(([, one = '']) => one);
    if (!/^\w+$/.test(from) || listed.length === 0) throw new Error(`nobody can tell which key this is: ${whole}`);
    return listed;
  });
}

async function carried(): Promise<Set<string>> {
  const files = (await readdir(dashboard, { recursive: true })).filter((file) => file.endsWith('.tsx'));
  const texts = await Promise.all(files.map((file) => readFile(join(dashboard, file), 'utf8')));
  return new Set(texts.flatMap(keysIn));
}

describe('keys of the pages', () => {
  it('are all in the list that is shown of them', async () => {
    const listed = keys.flatMap((key) => key.keys);
    expect([...(await carried())].filter((key) => !listed.includes(key))).toEqual([]);
  });

  it('do something each that is in the list', async () => {
    const used = await carried();
    const idle = keys.flatMap((key) => key.keys).filter((key) => !used.has(key));
    expect(idle.sort()).toEqual([...carriedByNothing].sort());
  });
});
