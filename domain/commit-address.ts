/** As people write a repository at github.com: with or without `.git`, by https or by ssh. */
const atGithub =
  /^(?:https:\/\/github\.com\/|git@github\.com:|ssh:\/\/git@github\.com\/)([A-Za-z0-9-]{1,39})\/([\w.-]{1,100})$/;

/** Where people see a commit. Undefined where nobody can tell how the pages of that repository are called. */
export function addressOfCommit(repository: string, commit: string): string | undefined {
  const [, owner, name = ''] = atGithub.exec(repository.replace(/\/$/, '')) ?? [];
  const bare = name.replace(/\.git$/, '');
  if (owner === undefined || /^\.*$/.test(bare) || !/^[0-9a-f]{40}$/.test(commit)) return undefined;
  return `https://github.com/${owner}/${bare}/commit/${commit}`;
}
