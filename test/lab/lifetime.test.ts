import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLifetime } from '../../lab/demo/lifetime.ts';
import { goWorksIn, makeBuildDirectory } from '../../lab/kubernetes/build-directory.ts';

describe('the end of the demo', () => {
  // in a process of its own: the end tells all commands of its process
  const interruptedBuild = `
    import { createLifetime } from './lab/demo/lifetime.ts';
    import { run } from './lab/kubernetes/command.ts';
    const lifetime = createLifetime(new AbortController().signal);
    const build = run('sleep', ['600'])
      .catch((error) => console.log(error.message.trim()))
      .then(() => console.log('cleared up'));
    lifetime.clearsUp(build);
    await lifetime.end();
    console.log('ended');`;

  it('ends a build that nobody waits for any more, and comes after what the build clears up', async () => {
    const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', interruptedBuild];
    const { stdout } = await execa(process.execPath, args, { env: { NODE_OPTIONS: '' } });
    expect(stdout.split('\n')).toEqual(['sleep 600 was ended by SIGTERM', 'cleared up', 'ended']);
  });

  it('stops what came up while it was ending', async () => {
    const happened: string[] = [];
    const lifetime = createLifetime(new AbortController().signal);
    let comeUp = () => {};
    const starting = new Promise<void>((resolve) => (comeUp = resolve));
    const kept = lifetime.keep(starting.then(() => ({ stop: async () => happened.push('stopped') })));
    const ending = lifetime.end();
    comeUp();
    await Promise.all([kept, ending]);
    expect(happened).toEqual(['stopped']);
  });
});

describe('a build', () => {
  it('removes what killed builds have left, and keeps its halves in its own directory', async () => {
    const place = await mkdtemp(join(tmpdir(), 'builds-'));
    try {
      const killed = await makeBuildDirectory(place);
      const next = await makeBuildDirectory(place);
      expect(await readdir(place)).toEqual([next.slice(place.length + 1)]);
      expect(next).not.toBe(killed);
      const script = 'mktemp -d "${TMPDIR}/half-XXXX" && [ "$TMPDIR" = "$GOTMPDIR" ]';
      const { stdout } = await execa('sh', ['-c', script], { env: goWorksIn(next) });
      expect(stdout.startsWith(`${next}/`)).toBe(true);
    } finally {
      await rm(place, { recursive: true });
    }
  });
});
