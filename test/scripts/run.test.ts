import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { execa } from 'execa';

const run = resolve(import.meta.dirname, '../../scripts/bootstrap/run.mjs');

/** Says which signal came, each time; leaves with code 7 at the SIGTERM. */
const listener = `
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => console.log(signal));
  process.on('SIGTERM', () => process.exit(7));
  console.log('ready', process.pid);
  setInterval(() => {}, 1000);`;

/** The wrapper around a child, outside of any terminal's foreground. */
function wrapped(child: string) {
  const program = `
    const { runForeground } = await import(${JSON.stringify(run)});
    process.exitCode = await runForeground(process.execPath, ['--eval', ${JSON.stringify(child)}]);`;
  return execa(process.execPath, ['--input-type=module', '--eval', program], { reject: false, detached: true });
}

async function nextLine(from: ReturnType<typeof wrapped>): Promise<string> {
  const [chunk] = (await once(from.stdout, 'data')) as [Buffer];
  return chunk.toString().trim();
}

describe('running a command in the foreground', () => {
  it.each(['SIGINT', 'SIGHUP'] as const)('passes %s on once, although npm sends it again', async (signal) => {
    const wrapper = wrapped(listener);
    await nextLine(wrapper);
    const heard = nextLine(wrapper);
    wrapper.kill(signal);
    expect(await heard).toBe(signal);
    wrapper.kill(signal);
    wrapper.kill('SIGTERM'); // handled after the one before: what was passed on has been passed on by then
    const { stdout, exitCode } = await wrapper;
    expect({ said: stdout.split('\n').slice(1), exitCode }).toEqual({ said: [signal], exitCode: 7 });
  });

  it('answers 128 and the number of the signal that ended the command', async () => {
    const wrapper = wrapped(listener);
    const pid = Number((await nextLine(wrapper)).split(' ')[1]);
    process.kill(pid, 'SIGKILL');
    expect((await wrapper).exitCode).toBe(137);
  });
});
