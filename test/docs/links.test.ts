import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { anchors, pages, root, withoutBlocks } from './markdown.ts';

const links = pages().flatMap(({ file, text }) =>
  [...withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => ({ file, target })),
);

describe('the documentation', () => {
  it('links only to files and headings that are there', () => {
    const broken = links.filter(({ file, target }) => {
      if (/^https?:/.test(target)) return false;
      const [path = '', anchor] = target.split('#');
      const to = path === '' ? join(root, file) : join(root, dirname(file), path);
      if (!existsSync(to)) return true;
      return anchor !== undefined && !anchors(readFileSync(to, 'utf8')).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('can be reached from the README, every page of docs/ by at most two links', () => {
    const near = (from: string) =>
      links.filter(({ file }) => file === from).map(({ target }) => join(dirname(from), target.split('#')[0]!));
    const first = near('README.md');
    const reached = new Set([...first, ...first.flatMap(near)]);
    const lost = pages().filter(({ file }) => /^docs\/[^/]+\.md$/.test(file) && !reached.has(file));
    expect(lost.map(({ file }) => file)).toEqual([]);
  });

  it('names folders and files that are there', () => {
    const named = pages().flatMap(({ file, text }) =>
      [
        ...withoutBlocks(text).matchAll(
          /`((?:domain|pipeline|workflows|activities|workers|client|lab|docker|scripts|bin|test|examples)\/[\w./-]*)`/g,
        ),
      ].map(([, path = '']) => ({ file, path })),
    );
    expect(named.length).toBeGreaterThan(20);
    // Made by docker/prepare.sh, and by whoever runs it.
    const made = /^docker\/(settings\/|settings$|\.env$)/;
    expect(named.filter(({ path }) => !made.test(path) && !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('a decision', () => {
  const decisions = readdirSync(join(root, 'docs/decisions')).sort();

  it('has a number of its own, without gaps', () => {
    expect(decisions.map((name) => Number(name.slice(0, 4)))).toEqual(decisions.map((_, i) => i + 1));
  });

  it.each(decisions)('%s says context, decision and consequences in at most ten lines', (name) => {
    const text = readFileSync(join(root, 'docs/decisions', name), 'utf8');
    expect(text).toMatch(
      /^# \d+\. .+\n\n\*\*Context\.\*\* .+\n\n\*\*Decision\.\*\* .+\n\n\*\*Consequences\.\*\* .+\n$/,
    );
    expect(text).toContain(`# ${Number(name.slice(0, 4))}. `);
  });
});
