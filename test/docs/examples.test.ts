import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { tokenDoor } from '../../client/gateway/tokens.ts';
import { formatProblems, loadPipeline, loadPolicy, resolveRelease } from '../../pipeline/index.ts';
import { buildProgram } from '../../client/cli/program.ts';
import type { Cli } from '../../client/cli/cli.ts';
import { blocks, root } from './markdown.ts';

const yaml = blocks(['yaml']);
const beginsWith = (comment: string) => yaml.filter(({ text }) => text.startsWith(`# ${comment}\n`));
const commandLines = blocks(['sh']).flatMap(({ file, text }) =>
  text
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ file, line })),
);

function pipelineOf(text: string) {
  const loaded = loadPipeline(text, 'slipway.yaml');
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.pipeline;
}

function policyOf(text: string) {
  const loaded = loadPolicy(text, 'policy.yaml');
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.policy;
}

describe('examples in the documentation', () => {
  it('are YAML where they say so', () => {
    const wrong = yaml.filter(({ text }) => parseAllDocuments(text).some((document) => document.errors.length > 0));
    expect(wrong).toEqual([]);
  });

  it('of slipway.yaml and of the policy file are accepted, and the README’s fit together in every environment', () => {
    for (const { text } of beginsWith('slipway.yaml')) pipelineOf(text);
    for (const { text } of beginsWith('policy.yaml')) policyOf(text);
    const pipeline = pipelineOf(beginsWith('slipway.yaml').find(({ file }) => file === 'README.md')!.text);
    const policy = policyOf(beginsWith('policy.yaml').find(({ file }) => file === 'README.md')!.text);
    const repository = policy.content.services[pipeline.content.service]!.repository;
    for (const [environment, { branches }] of Object.entries(pipeline.content.environments)) {
      const resolved = resolveRelease({ pipeline, policy, environment, branch: branches[0]!, repository, now: 0 });
      expect(resolved).toMatchObject({ ok: true });
    }
  });

  it('of JSON can be read, and the tokens file lets nobody in who has no token', async () => {
    const json = blocks(['json']);
    for (const { text } of json) JSON.parse(text);
    const directory = await mkdtemp(join(tmpdir(), 'slipway-docs-test-'));
    try {
      const file = join(directory, 'tokens.json');
      await writeFile(file, json.find((block) => block.file === 'docs/configuration.md')!.text);
      expect(await tokenDoor(file)('guessed')).toBeUndefined();
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('use commands and options that `slipway` has', () => {
    const program = buildProgram({ io: {} } as unknown as Cli, { version: '0' });
    const wrong = commandLines.filter(({ line }) => {
      const words = line.replaceAll(/"[^"]*"/g, 'text').split(' ');
      if (words[0] !== 'slipway') return false;
      let command = program.commands.find((one) => one.name() === words[1]);
      command = command?.commands.find((one) => one.name() === words[2]) ?? command;
      const options = words.filter((word) => word.startsWith('--'));
      return !command || !options.every((option) => command.options.some((one) => one.long === option));
    });
    expect(wrong).toEqual([]);
  });

  it('use scripts that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = commandLines.flatMap(({ file, line }) => {
      const script = /^npm (?:run )?([a-z:]+)/.exec(line)?.[1];
      return script === undefined ? [] : [{ file, script }];
    });
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter(({ script }) => !['install', 'ci'].includes(script) && !(script in scripts))).toEqual([]);
  });
});
