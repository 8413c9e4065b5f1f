import { execa } from 'execa';

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
