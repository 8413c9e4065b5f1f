import { describe, expect, it } from '@jest/globals';
import { aRunOf, clearProject, containersOf } from '../../activities/tests/compose-project.ts';
import type { Docker } from '../../activities/tests/docker-command.ts';

interface Thing {
  kind: string;
  id: string;
  /** What Compose would call its project; images bear the project's own name. */
  name: string;
}

const label = 'com.docker.compose.project';

/** A daemon with these things, which needs so many orders to remove one; some are made again whenever they were removed. */
function aDaemon(things: Thing[], { orders = 1, madeAgain = '' } = {}) {
  let left = [...things];
  const ordered = new Map<string, number>();
  const docker: Docker = (args) => {
    const kind = ['network', 'volume', 'image'].find((one) => args[0] === one) ?? 'container';
    const answer = (lines: string[]) => Promise.resolve(said(lines.map((line) => `${line}\n`).join('')));
    const mine = left.filter((one) => one.kind === kind);
    const filter = args[args.indexOf('--filter') + 1];
    if (filter === `label=${label}`) return answer(mine.map(({ id, name }) => `${id} ${JSON.stringify(name)}`));
    const [, project] = /^reference=slipway\.invalid\/tests:(.*)\.\*$/.exec(filter ?? '') ?? [];
    if (project !== undefined) return answer(mine.flatMap(({ id, name }) => (name === project ? [id] : [])));
    for (const id of args) ordered.set(id, (ordered.get(id) ?? 0) + 1);
    left = left.filter((one) => one.kind !== kind || one.id === madeAgain || (ordered.get(one.id) ?? 0) < orders);
    return answer([]);
  };
  return { docker, left: () => left.map(({ id }) => id) };
}

const said = (stdout: string) => ({
  ...{ exitCode: 0, timedOut: false, truncated: false, tail: 'still in use' },
  stdout: Buffer.from(stdout),
});

const run = aRunOf('mine');
const thingsOf = (which: string, name: string): Thing[] =>
  ['container', 'network', 'volume'].map((kind) => ({ kind, id: `${kind}-of-${which}`, name }));
const anImageOf = (name: string): Thing => ({ kind: 'image', id: `image-of-${name}`, name });
const mine = [...thingsOf('this-try', run.name), ...thingsOf('another-try', aRunOf('mine').name), anImageOf('mine')];
const others = [
  ...['mine-too', aRunOf('mine-too').name, 'not-mine', `${run.name}0`].flatMap((name) => thingsOf(name, name)),
  ...[anImageOf('mine-too'), anImageOf(run.name)],
];
const idsOf = (things: Thing[]) => things.map(({ id }) => id);

describe('taking a project away', () => {
  it('takes containers, networks, volumes and built images of all its tries, and nothing of another project', async () => {
    const daemon = aDaemon([...mine, ...others]);
    await clearProject(daemon.docker, run);
    expect(daemon.left()).toEqual(idsOf(others));
  });

  it('takes what an earlier try has left before there is anything of this one', async () => {
    const daemon = aDaemon([...mine, ...others]);
    await clearProject(daemon.docker, aRunOf('mine'));
    expect(daemon.left()).toEqual(idsOf(others));
  });

  it('looks again until nothing is left: what is in use now may not be a moment later', async () => {
    const daemon = aDaemon([...mine, ...others], { orders: 3 });
    await clearProject(daemon.docker, run);
    expect(daemon.left()).toEqual(idsOf(others));
  });

  it('says what cannot be taken away', async () => {
    const daemon = aDaemon(mine, { orders: Infinity });
    await expect(clearProject(daemon.docker, run)).rejects.toThrow(/SLIP-TEST-2[^]*still in use/);
  });

  it.each(['mine', aRunOf('mine').name])(
    'is not kept from its end by strangers who go on making containers with the label %s',
    async (name) => {
      const theirs = { kind: 'container', id: 'of-strangers', name };
      const daemon = aDaemon([theirs, ...mine], { madeAgain: theirs.id });
      await clearProject(daemon.docker, run);
      expect(daemon.left()).toEqual([theirs.id]);
    },
  );

  it('takes a label that holds a line like ours for a label', async () => {
    const theirs = { kind: 'container', id: 'of-strangers', name: `x\nof-others "${run.name}"` };
    const daemon = aDaemon([theirs, { kind: 'container', id: 'of-others', name: 'others' }, ...mine]);
    await clearProject(daemon.docker, run);
    expect(daemon.left()).toEqual(['of-strangers', 'of-others']);
  });

  it('does not take a daemon that does not answer for one that has nothing', async () => {
    const docker: Docker = () => Promise.resolve({ ...said(''), exitCode: 1, tail: 'no daemon' });
    await expect(clearProject(docker, run)).rejects.toMatchObject({ details: { code: 'SLIP-TEST-2' } });
  });
});

describe('a list that is longer than what is read of it', () => {
  const docker: Docker = () => Promise.resolve({ ...said(''), truncated: true });

  it('is not taken for the whole: what is ours may be behind', async () => {
    const refused = { details: { code: 'SLIP-TEST-2', detail: expect.stringMatching(/more than is read/) } };
    await expect(clearProject(docker, run)).rejects.toMatchObject(refused);
    await expect(containersOf(docker, run)).rejects.toMatchObject(refused);
  });

  it('is not made so by one label: of each no more is asked for than a name of ours may have', async () => {
    const asked: (readonly string[])[] = [];
    await clearProject((args) => (asked.push(args), Promise.resolve(said(''))), run);
    const labels = asked.flatMap((args) => args.filter((arg) => arg.includes('.Label')));
    expect(labels.map((format) => / \(printf "%\.(\d+)s" \(\.Label /.exec(format)?.[1])).toEqual(['200', '200', '200']);
  });
});

describe('the containers of a try', () => {
  it('are known by a label whose value nobody can guess', async () => {
    const asked: (readonly string[])[] = [];
    const docker: Docker = (args) => (asked.push(args), Promise.resolve(said('a tests\nb tests\nc core\n')));
    expect(await containersOf(docker, run)).toEqual(
      new Map([
        ['tests', ['a', 'b']],
        ['core', ['c']],
      ]),
    );
    expect(asked).toEqual([expect.arrayContaining([`label=${label}=${run.name}`])]);
    expect(run.name).toMatch(/^mine-[0-9a-f]{16}$/);
    expect(aRunOf('mine').name).not.toBe(run.name);
  });
});
