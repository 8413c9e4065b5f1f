import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface TestCommit {
  files?: Record<string, string | Buffer>;
  executables?: Record<string, string | Buffer>;
  /** Path to target. */
  links?: Record<string, string>;
  remove?: string[];
  /** Of its author. */
  email?: string;
  message?: string;
}

/** A real git repository in a temporary directory, for one test. */
export interface TestRepository {
  directory: string;
  /** Commits on the branch that is checked out; answers the commit. */
  commit(change: TestCommit): Promise<string>;
  /** Makes the branch at the present commit, or at `at`, and checks it out. */
  branch(name: string, at?: string): Promise<void>;
  checkOut(branch: string): Promise<void>;
  git(...args: string[]): Promise<string>;
  remove(): Promise<void>;
}

export async function aRepository(): Promise<TestRepository> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-repository-'));
  const git = async (...args: string[]) => {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid', '-c', 'commit.gpgSign=false'];
    const env = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
    return (await run('git', ['-C', directory, ...identity, ...args], { env })).stdout.trim();
  };
  const write = async (path: string, content: string | Buffer) => {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  };
  await git('init', '--quiet', '--initial-branch=main');
  return {
    directory,
    git,
    async commit(change) {
      for (const [path, content] of Object.entries(change.files ?? {})) await write(path, content);
      for (const [path, content] of Object.entries(change.executables ?? {})) {
        await write(path, content);
        await chmod(join(directory, path), 0o755);
      }
      for (const [path, target] of Object.entries(change.links ?? {})) {
        await mkdir(dirname(join(directory, path)), { recursive: true });
        await symlink(target, join(directory, path));
      }
      for (const path of change.remove ?? []) await rm(join(directory, path), { recursive: true });
      await git('add', '--all');
      const { email = 'test@example.invalid', message = 'change' } = change;
      await git('commit', '--quiet', '--allow-empty', `--author=Test <${email}>`, '--message', message);
      return git('rev-parse', 'HEAD');
    },
    branch: async (name, at = 'HEAD') => void (await git('checkout', '--quiet', '-b', name, at)),
    checkOut: async (branch) => void (await git('checkout', '--quiet', branch)),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
