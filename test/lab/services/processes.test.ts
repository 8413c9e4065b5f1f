import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { birthOf } from '../../../lab/kubernetes/processes.ts';
import { endLeftover, startOwned } from '../../../lab/services/processes.ts';
import { eventually } from '../../workflows/support/eventually.ts';

const processes = resolve(import.meta.dirname, '../../../lab/services/processes.ts');

describe('processes that belong to us', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-processes-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const aWaiting = (script = 'setInterval(() => {}, 1000)') =>
    startOwned({ name: 'waiting', directory, program: process.execPath, args: ['--eval', script] });

  it('end when they are stopped, and stopping twice is fine', async () => {
    const owned = await aWaiting();
    await owned.stop();
    await owned.stop();
    expect(await birthOf(owned.pid)).toBeUndefined();
    expect(await readdir(directory)).toEqual(['waiting.log']);
  });

  it('say their first and their last words when they leave early, and nothing of an earlier life', async () => {
    await (await aWaiting("console.error('of an earlier life'); process.exit(1)")).stop();
    const lines = "for (let n = 0; n < 400; n += 1) console.error('goroutine ' + n);";
    const owned = await aWaiting(`console.error('panic: port taken'); ${lines} process.exit(2)`);
    const failure = await eventually('it to leave', () => owned.failure());
    await owned.stop();
    expect(failure).toMatch(/^waiting left with code 2; it said .*:\npanic: port taken\ngoroutine 0\n/);
    expect(failure).toMatch(/\n… 387 more lines …\ngoroutine 394\n.*goroutine 399$/s);
    expect(failure).not.toContain('earlier life');
  });

  it('are ended by the next start when their owner was killed', async () => {
    const program = `
      const { startOwned } = await import(${JSON.stringify(processes)});
      const owned = await startOwned({ name: 'waiting', directory: ${JSON.stringify(directory)}, program: process.execPath, args: ['--eval', 'setInterval(() => {}, 1000)'] });
      console.log(owned.pid);
      setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const left = Number(line.toString());
    owner.kill('SIGKILL');
    await once(owner, 'close');
    expect(await birthOf(left)).toBeDefined();
    const next = await aWaiting();
    expect(await birthOf(left)).toBeUndefined();
    await next.stop();
  });

  it.each([
    ['another process has the id now', JSON.stringify({ name: 'waiting', pid: process.pid, birth: 'boot/1' })],
    ['it is not readable', '{'],
  ])('are left alone by a pid file when %s', async (_name, text) => {
    const file = join(directory, 'waiting.pid');
    await writeFile(file, text);
    await endLeftover(file);
    expect(await readdir(directory)).toEqual([]);
  });
});
