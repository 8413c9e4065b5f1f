import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import { shop } from '../../lab/shop/pipeline-file.ts';

/** As much of a policy as tests change. */
export interface EditedPolicy {
  notify: Record<string, unknown>;
  people: Record<string, unknown>;
  groups: Record<string, unknown>;
  services: Record<string, object>;
  environments: Record<string, { notify: string[] }>;
}

/** In one step: processes read the file at any time. */
export async function editPolicy(file: string, edit: (policy: EditedPolicy) => void): Promise<void> {
  const policy = parse(await readFile(file, 'utf8')) as EditedPolicy;
  edit(policy);
  await writeFile(`${file}.new`, stringify(policy));
  await rename(`${file}.new`, file);
}

/** The shop's environment in its slipway.yaml with this besides, as its newest commit, which is answered. */
export async function commitToPipeline(repository: string, message: string, more: object): Promise<string> {
  const file = join(repository, 'slipway.yaml');
  const pipeline = parse(await readFile(file, 'utf8')) as { environments: Record<string, object> };
  Object.assign(pipeline.environments[shop.environment]!, more);
  await writeFile(file, stringify(pipeline));
  const author = ['-c', 'user.name=Lab', '-c', 'user.email=lab@slipway.example'];
  const git = async (args: string[]) => (await execa('git', ['-C', repository, ...author, ...args])).stdout;
  await git(['commit', '--quiet', '--all', '--message', message]);
  return git(['rev-parse', 'HEAD']);
}

/** The shop's newest commit, whose storefront does not start in nl, in a shop that holds then. */
export function holdsWhereItFails(repository: string): Promise<string> {
  return commitToPipeline(repository, 'Hold where it fails', { onFailure: { partial: 'hold', confirm: false } });
}
