import { join } from 'node:path';

/**
 * Files that git takes for a repository, though nothing of them is called `.git`: whoever asks it for the commit that it is at has it fetch that,
 * by a command of these files' own, which leaves `mark`. Its last words are what buildx passes over in silence.
 */
export function filesLikeARepository(mark: string, directory = '.'): Record<string, string> {
  const command = `echo ran > ${mark}; echo bad revision >&2; false`;
  const config = [
    ...['[core]', 'repositoryformatversion = 1', 'bare = false', 'worktree = .'],
    ...['[extensions]', 'partialClone = origin'],
    ...['[remote "origin"]', 'url = .', 'promisor = true', `uploadpack = "${command}"`, ''],
  ];
  const files = {
    config: config.join('\n'),
    HEAD: `${'1'.repeat(40)}\n`,
    'objects/keep': '',
    'refs/keep': '',
  };
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [join(directory, path), text]));
}
