import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import { shop } from '../../lab/shop/pipeline-file.ts';

/** From the next commit on each release waits its turn: else one that is approved takes the place of those that were asked for before. */
export async function inTurn(repository: string): Promise<void> {
  const file = join(repository, 'slipway.yaml');
  const pipeline = parse(await readFile(file, 'utf8')) as { environments: Record<string, { queue?: string }> };
  pipeline.environments[shop.environment]!.queue = 'fifo';
  await writeFile(file, stringify(pipeline));
  const author = ['-c', 'user.name=Bench', '-c', 'user.email=bench@slipway.example'];
  await execa('git', ['-C', repository, ...author, 'commit', '--quiet', '--all', '--message', 'Each in its turn']);
}

/** Puts that many empty commits on top of `main`, in one go. Answers with them, oldest first. */
export async function addCommits(repository: string, count: number): Promise<string[]> {
  const git = (args: string[], input = '') => execa('git', ['-C', repository, ...args], { input });
  const { stdout: before } = await git(['rev-parse', 'main']);
  const one = (n: number) =>
    [
      'commit refs/heads/main',
      `committer Bench <bench@slipway.example> ${1_770_000_000 + n} +0000`,
      `data <<END\nRelease ${n}\nEND`,
      ...(n === 1 ? [`from ${before}`] : []),
      '',
    ].join('\n');
  await git(['fast-import', '--quiet'], Array.from({ length: count }, (_, i) => one(i + 1)).join('\n'));
  const { stdout } = await git(['rev-list', '--reverse', `${before}..main`]);
  return stdout.split('\n');
}
