import { asked } from './git.ts';
import { plural } from './words.ts';

export interface Asked {
  commit: string;
  branch: string;
  /** The commit is what is checked out, and was not named. */
  isHead: boolean;
}

/**
 * What somebody may have forgotten who releases from the checkout in `cwd`: changes that are in no commit, a commit that was not pushed, a branch
 * that others have gone on with. By what this checkout knows of its remotes: nothing is fetched. Empty outside of a repository.
 */
export async function checkoutWarnings(cwd: string, { commit, branch, isHead }: Asked): Promise<string[]> {
  const [status, remotes, counts] = await Promise.all([
    isHead ? asked(['status', '--porcelain', '--untracked-files=no'], cwd) : undefined,
    asked(['branch', '--remotes', '--format=%(refname:short)', '--contains', commit], cwd),
    asked(['rev-list', '--left-right', '--count', `${commit}...${branch}@{upstream}`], cwd),
  ]);
  const changed = (status ?? '').split('\n').filter((line) => line.trim() !== '').length;
  const behind = Number(/\t(\d+)$/.exec(counts ?? '')?.[1] ?? 0);
  return [
    ...(changed > 0
      ? [
          `${plural(changed, 'file')} here ${changed === 1 ? 'has' : 'have'} changes that are in no commit: they are not released`,
        ]
      : []),
    ...(remotes === '' ? [`no remote branch known here has ${commit.slice(0, 12)}: push it first`] : []),
    ...(behind > 0
      ? [`the remote branch of ${branch} is ${plural(behind, 'commit')} ahead: they are not released`]
      : []),
  ];
}
