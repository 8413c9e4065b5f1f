import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const regionNames = ['de', 'nl'] as const;
export type RegionName = (typeof regionNames)[number];

/** git without this machine's settings. */
export async function git(directory: string, ...args: string[]): Promise<string> {
  const plain = [
    '-c',
    'core.autocrlf=false',
    '-c',
    'commit.gpgSign=false',
    '-c',
    'user.name=Test',
    '-c',
    'user.email=test@slipway.example',
  ];
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return (await run('git', ['-C', directory, ...plain, ...args], { env })).stdout.trim();
}
