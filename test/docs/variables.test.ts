import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocks, pages, root } from './markdown.ts';

const code = [
  'temporal.config.ts',
  ...['workers', 'client', 'activities', 'lab', 'bin', 'test/bench', 'test/browser/support'].flatMap(filesOf),
].map((file) => readFileSync(join(root, file), 'utf8'));
/** What the code reads; what tests and examples set to show something is no setting. */
const known = new Set(code.flatMap((text) => text.match(/\bSLIPWAY_[A-Z0-9_]+\b/g) ?? []));
const configuration = readFileSync(join(root, 'docs/configuration.md'), 'utf8');

function filesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js)$/.test(name))
    .map((name) => join(folder, name));
}

describe('the variables', () => {
  it('of workers, gateway and command line are all in docs/configuration.md', () => {
    const production = ['temporal.config.ts', ...filesOf('workers'), ...filesOf('client')].map((file) =>
      readFileSync(join(root, file), 'utf8'),
    );
    const read = new Set(production.flatMap((text) => text.match(/\bSLIPWAY_[A-Z0-9_]+\b/g) ?? []));
    expect([...read].filter((name) => !configuration.includes(`\`${name}\``))).toEqual([]);
  });

  it('that documents name are read by the code', () => {
    const named = [...pages(), ...blocks(['sh', 'yaml'])].flatMap(({ file, text }) =>
      (text.match(/\bSLIPWAY_[A-Z0-9_]+\b/g) ?? []).map((name) => ({ file, name })),
    );
    expect(named.filter(({ name }) => !known.has(name))).toEqual([]);
  });

  it('have the defaults that docs/configuration.md says', () => {
    const config = readFileSync(join(root, 'temporal.config.ts'), 'utf8');
    const defaults = [...config.matchAll(/(SLIPWAY_\w+): .*\.default\((?:'([^']*)'|(\d+))\)/g)];
    expect(defaults.length).toBeGreaterThan(4);
    const missing = defaults.filter(([, name, text, number]) => {
      const row = configuration.split('\n').find((line) => line.startsWith(`| \`${name}\``));
      return !row?.trimEnd().endsWith(`| \`${text ?? number}\` |`);
    });
    expect(missing.map(([, name]) => name)).toEqual([]);
  });
});
