import { describe, expect, it } from '@jest/globals';
import { clearProject } from '../../activities/tests/compose-project.ts';
import type { Docker } from '../../activities/tests/docker-command.ts';

/** Under which project a thing is looked for: by its label, or images by their name. */
const projectIn = (args: readonly string[]) =>
  args
    .map((arg) => /^label=com\.docker\.compose\.project=(.*)$|^reference=slipway\.invalid\/tests:(.*)\.\*$/.exec(arg))
    .find(Boolean);

/** A daemon with these things by their project, which needs so many orders to remove one. */
function aDaemon(things: { kind: string; id: string; project: string }[], orders = 1) {
  let left = [...things];
  const ordered = new Map<string, number>();
  const docker: Docker = (args) => {
    const kind = ['network', 'volume', 'image'].find((one) => args[0] === one) ?? 'container';
    const [, label, name] = projectIn(args) ?? [];
    const project = label ?? name;
    const answer = (stdout: string) =>
      Promise.resolve({
        exitCode: 0,
        timedOut: false,
        truncated: false,
        tail: 'still in use',
        stdout: Buffer.from(stdout),
      });
    if (project !== undefined)
      return answer(
        left.flatMap((one) => (one.kind === kind && one.project === project ? [`${one.id}\n`] : [])).join(''),
      );
    for (const id of args) ordered.set(id, (ordered.get(id) ?? 0) + 1);
    left = left.filter((one) => one.kind !== kind || (ordered.get(one.id) ?? 0) < orders);
    return answer('');
  };
  return { docker, left: () => left.map(({ id }) => id) };
}

const things = ['container', 'network', 'volume', 'image'].flatMap((kind) => [
  { kind, id: `${kind}-of-mine`, project: 'mine' },
  { kind, id: `${kind}-of-others`, project: 'mine-too' },
]);
const others = things.flatMap(({ id, project }) => (project === 'mine' ? [] : [id]));

describe('taking a project away', () => {
  it('takes its containers, networks, volumes and built images, and nothing of another project', async () => {
    const daemon = aDaemon(things);
    await clearProject(daemon.docker, 'mine');
    expect(daemon.left()).toEqual(others);
  });

  it('looks again until nothing is left: what is in use now may not be a moment later', async () => {
    const daemon = aDaemon(things, 3);
    await clearProject(daemon.docker, 'mine');
    expect(daemon.left()).toEqual(others);
  });

  it('says what cannot be taken away', async () => {
    const daemon = aDaemon(things, Infinity);
    await expect(clearProject(daemon.docker, 'mine')).rejects.toThrow(/SLIP-TEST-2[^]*still in use/);
  });

  it('does not take a daemon that does not answer for one that has nothing', async () => {
    const docker: Docker = () =>
      Promise.resolve({ exitCode: 1, timedOut: false, truncated: false, tail: 'no daemon', stdout: Buffer.alloc(0) });
    await expect(clearProject(docker, 'mine')).rejects.toMatchObject({ details: { code: 'SLIP-TEST-2' } });
  });
});
