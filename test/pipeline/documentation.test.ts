import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { noticeEvents } from '../../domain/contract/notices.ts';
import { pipelineJsonSchema, policyJsonSchema } from '../../pipeline/index.ts';
import { isNamed, pathsOf, rowsOf, wordsInCode } from './named-keys.ts';
import { pipelineProblems, policyProblems } from './texts.ts';

const reference = readFileSync(new URL('../../docs/pipeline-file.md', import.meta.url), 'utf8');
const blocks = [...reference.matchAll(/```yaml\n([^]*?)```/g)].map((match) => match[1]!);

const heads = [...reference.matchAll(/^#{2,3} (.*)$/gm)];
function section(name: string): string {
  const at = heads.findIndex((head) => head[1] === name);
  return reference.slice(heads[at]?.index, heads[at + 1]?.index);
}

const usual = '| Key | Meaning | Default |';
const rows = [
  ...rowsOf(section('Keys of slipway.yaml'), usual, ''),
  ...rowsOf(section('components'), usual, 'components.*'),
  ...rowsOf(section('environments'), usual, 'environments.*'),
  ...rowsOf(section('migrations'), usual, 'migrations'),
  ...rowsOf(section('smoke'), usual, 'smoke.*'),
  ...rowsOf(section('smoke'), usual, 'environments.*.regions.*.smoke.*').filter(({ paths }) =>
    paths.some((path) => path.endsWith('.args')),
  ),
  ...rowsOf(section('rollout'), usual, 'rollout'),
];
const policyRows = rowsOf(section('Keys of the policy file'), '| Key | Meaning | When left out |', '');
/** Where a part is told in words, and not in a table. */
const inWords: [RegExp, string][] = [
  [/^(tests|scan)\./, ''],
  [/^(people|groups)\.\*\./, 'Who is who'],
  [/\bnotify\.(to|events|level)$/, 'Who is told of what'],
];

function isInWords(path: string): boolean {
  const [, name] = inWords.find(([paths]) => paths.test(path)) ?? [];
  if (name === undefined) return false;
  return wordsInCode(section(name || path.split('.')[0]!)).has(path.slice(path.lastIndexOf('.') + 1));
}

const ofAllEndpoints = ['successes', 'timeout'];

/** By kind, without those that all have. */
function endpointKeys(): Record<string, string[]> {
  const schema = pipelineJsonSchema() as { properties: { environments: { additionalProperties: object } } };
  const environment = schema.properties.environments.additionalProperties as { properties: Record<string, unknown> };
  const { regions } = environment.properties as {
    regions: { additionalProperties: { properties: Record<string, unknown> } };
  };
  const { endpoints } = regions.additionalProperties.properties as {
    endpoints: { additionalProperties: { oneOf: Kind[] } };
  };
  return Object.fromEntries(
    endpoints.additionalProperties.oneOf.map((kind) => [
      kind.properties.kind.const,
      pathsOf(kind).filter((path) => !['kind', ...ofAllEndpoints].includes(path)),
    ]),
  );
}

interface Kind {
  properties: { kind: { const: string } };
}

describe('the reference of the pipeline file', () => {
  const ofEndpoints = /\.endpoints\.\*\./;

  it('names every key of slipway.yaml in the table of where it stands', () => {
    const paths = pathsOf(pipelineJsonSchema()).filter((path) => !ofEndpoints.test(path));
    expect(paths.filter((path) => !isNamed(path, rows) && !isInWords(path))).toEqual([]);
  });

  it('names every key of the policy file in its table', () => {
    const paths = pathsOf(policyJsonSchema());
    expect(paths.filter((path) => !isNamed(path, policyRows) && !isInWords(path))).toEqual([]);
  });

  it('names the keys of each kind of endpoint in its row, and those that all have beside the table', () => {
    const kinds = rowsOf(section('environments'), '| `kind` | Keys | Right is |', '');
    const unnamed = Object.entries(endpointKeys()).flatMap(([kind, paths]) => {
      const row = kinds.find((one) => one.paths.includes(kind));
      return paths
        .filter((path) => !row?.words.has(path.slice(path.lastIndexOf('.') + 1)))
        .map((path) => `${kind}: ${path}`);
    });
    expect(unnamed).toEqual([]);
    const around = wordsInCode(section('environments').replace(/^\|.*$/gm, ''));
    expect(ofAllEndpoints.filter((key) => !around.has(key))).toEqual([]);
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
