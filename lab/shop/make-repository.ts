import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { execa } from 'execa';
import type { Commit } from '../../domain/contract/release.ts';
import { shopPipelineFile } from './pipeline-file.ts';
import type { PipelineFileOptions } from './pipeline-file.ts';

export interface ShopRepositoryOptions extends Partial<
  Pick<PipelineFileOptions, 'tests' | 'bake' | 'django' | 'onFailure'>
> {
  /** Becomes the repository; must be absent or empty. */
  directory: string;
  /** Base image of the Dockerfiles, with a shell and `httpd`: `127.0.0.1:5000/lab/busybox@sha256:…`. */
  base: string;
  regions: PipelineFileOptions['regions'];
}

export interface ShopRepository {
  path: string;
  commits: {
    first: Commit;
    /** Changes core, with a migration, and the storefront. */
    second: Commit;
    /** Changes the storefront so that it starts everywhere but in region `nl`. */
    broken: Commit;
  };
}

const releases = [
  { name: 'first', message: 'The shop', date: '2026-01-05T09:00:00Z' },
  { name: 'second', message: 'Products have a weight', date: '2026-01-12T09:00:00Z' },
  { name: 'broken', message: 'A new payment provider', date: '2026-01-19T09:00:00Z' },
] as const;

/**
 * Makes the sample shop's git repository: three commits on `main`, each on top of the one before. The same options give the same
 * commits, whoever makes them and when.
 */
export async function makeShopRepository(options: ShopRepositoryOptions): Promise<ShopRepository> {
  const path = resolve(options.directory);
  await mkdir(path, { recursive: true });
  if ((await readdir(path)).length > 0) throw new Error(`${path} is not empty`);
  await git(path, ['init', '--quiet', '--initial-branch=main', '--object-format=sha1', '--template=']);
  const pipelineFile = shopPipelineFile({ tests: options.django === undefined, bake: '5s', ...options });
  await writeFile(join(path, 'slipway.yaml'), pipelineFile);
  const commits: Commit[] = [];
  for (const { name, message, date } of releases) {
    await copySources(name, path, options.django !== undefined);
    commits.push(await commitAll(path, message, date));
  }
  const [first = '', second = '', broken = ''] = commits;
  return { path, commits: { first, second, broken } };
}

/** The command that Django projects are offered: the lab's own uses it as it is. */
const planCommand = join(import.meta.dirname, '..', '..', 'examples', 'django', 'slipway_plan.py');

/** Where containers are real, core is a Django project instead of a page. */
async function copySources(release: (typeof releases)[number]['name'], to: string, django: boolean): Promise<void> {
  const pages = join(import.meta.dirname, 'sources', release);
  const isOther = (source: string) => django && /^(core|test|docker-compose)/.test(relative(pages, source));
  await cp(pages, to, { recursive: true, filter: (source) => !isOther(source) });
  const project = join(import.meta.dirname, '..', 'real-shop', release);
  if (!django || !existsSync(project)) return;
  await cp(project, to, { recursive: true });
  await cp(planCommand, join(to, 'core', 'catalog', 'management', 'commands', 'slipway_plan.py'));
}

async function commitAll(path: string, message: string, date: string): Promise<Commit> {
  const shopkeeper = { NAME: 'Lab shop', EMAIL: 'shop@slipway.example', DATE: date };
  const who = Object.entries(shopkeeper).flatMap(([key, value]) => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ]);
  await git(path, ['add', '--all']);
  await git(
    path,
    ['commit', '--quiet', '--no-verify', '--message', message],
    Object.fromEntries(who) as Record<string, string>,
  );
  return (await git(path, ['rev-parse', 'HEAD'])).trim();
}

/** Without the user's and the machine's settings: signing, hooks and line ends would change the commits. */
async function git(path: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const plain = ['-c', 'core.fileMode=false', '-c', 'core.autocrlf=false', '-c', 'commit.gpgSign=false'];
  const nobody = {
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_DIR: join(path, '.git'),
    GIT_WORK_TREE: path,
  };
  return (await execa('git', [...plain, ...args], { cwd: path, env: { ...nobody, ...env } })).stdout;
}
