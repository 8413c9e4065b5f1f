import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { noticeEvents } from '../../domain/contract/notices.ts';
import { pipelineJsonSchema, policyJsonSchema } from '../../pipeline/index.ts';
import { pipelineProblems, policyProblems } from './texts.ts';

const reference = readFileSync(new URL('../../docs/pipeline-file.md', import.meta.url), 'utf8');
const blocks = [...reference.matchAll(/```yaml\n([^]*?)```/g)].map((match) => match[1]!);

/** Every key that a schema knows, at any depth. */
function keysOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(keysOf);
  if (schema === null || typeof schema !== 'object') return [];
  const { properties = {} } = schema as { properties?: Record<string, unknown> };
  return [...Object.keys(properties), ...Object.values(schema).flatMap(keysOf)];
}

describe('the reference of the pipeline file', () => {
  it('names every key that the schemas know', () => {
    const keys = new Set([...keysOf(pipelineJsonSchema()), ...keysOf(policyJsonSchema())]);
    expect([...keys].filter((key) => !new RegExp(`\\b${key}\\b`).test(reference))).toEqual([]);
  });

  it('shows a smallest file and a policy file that are accepted', () => {
    expect(pipelineProblems(blocks[0]!)).toEqual([]);
    expect(policyProblems(blocks.find((block) => block.startsWith('clusters:'))!)).toEqual([]);
  });

  it('has the table of what people are told as the product goes by it', () => {
    const rows = [...reference.matchAll(/^\| `([a-z-]+)` \| ((?:`[a-z]+`(?:, )?)+) \| (.*) \|$/gm)].map((row) =>
      row.slice(1),
    );
    const inCode = (levels: readonly string[]) => levels.map((level) => `\`${level}\``).join(', ');
    expect(rows).toEqual(
      Object.entries(noticeEvents).map(([event, { levels, says }]) => [event, inCode(levels), says]),
    );
  });

  it('shows lists of who is told that are accepted', () => {
    const told = blocks.find((block) => block.startsWith('notify:'))!;
    expect(pipelineProblems(`${blocks[0]}${told}`)).toEqual([]);
  });

  it('shows parts that fit together into one file that is accepted', () => {
    const web = '  web:\n    image: shop/web\n    build: {}\n    workloads: [{ deployment: web, containers: [web] }]\n';
    const [components, environments, tests, scan, migrations, smoke, rollout] = blocks.slice(1);
    const text = [
      'service: shop\n',
      components,
      web,
      environments,
      '  staging:\n    branches: [develop]\n    regions:\n      de: { cluster: blue, namespace: shop }\n',
      tests,
      scan,
      migrations,
      smoke,
      rollout,
    ].join('');
    expect(pipelineProblems(text)).toEqual([]);
  });
});
