import { describe, expect, it } from '@jest/globals';
import {
  aRunOf,
  clearEarlierTries,
  clearTry,
  containersOf,
  imageOfProject,
} from '../../activities/tests/compose-project.ts';
import { linesRead } from '../../activities/tests/docker-command.ts';
import type { Docker } from '../../activities/tests/docker-command.ts';

interface Thing {
  kind: string;
  id: string;
  /** What Compose would call its project. */
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
    const [, wanted = ''] = filter?.split(`label=${label}=`) ?? [];
    if (filter?.startsWith(`label=${label}`))
      return answer(
        mine
          .filter(({ name }) => wanted === '' || name === wanted)
          .map(({ id, name }) => `${id} ${JSON.stringify(name)}`),
      );
    const [, start] = /^reference=(slipway\.invalid\/tests:.*)\*$/.exec(filter ?? '') ?? [];
    if (start !== undefined) return answer(mine.filter(({ id }) => id.startsWith(start)).map(({ id }) => id));
    for (const id of args) ordered.set(id, (ordered.get(id) ?? 0) + 1);
    left = left.filter((one) => one.kind !== kind || one.id === madeAgain || (ordered.get(one.id) ?? 0) < orders);
    return answer([]);
  };
  return { docker, make: (more: Thing[]) => void left.push(...more), left: () => left.map(({ id }) => id) };
}

const said = (stdout: string) => ({
  ...{ exitCode: 0, timedOut: false, truncated: false, tail: 'still in use' },
  stdout: Buffer.from(stdout),
});

/** Tries of one project, in the order in which they began. */
const earlier = aRunOf('mine', 1_000);
const run = aRunOf('mine', 2_000);
const later = aRunOf('mine', 3_000);
const ofOlderVersions = ['mine', 'mine-0123456789abcdef'];
const thingsOf = (name: string): Thing[] =>
  ['container', 'network', 'volume'].map((kind) => ({ kind, id: `${kind}-of-${name}`, name }));
const anImageOf = (name: string): Thing => {
  const id = imageOfProject(name, 'build-1');
  return { kind: 'image', id, name: id };
};
const leftBy = ({ name, images }: typeof run): Thing[] => [...thingsOf(name), anImageOf(images)];
const mine = leftBy(run);
const others = [
  ...['mine-too', aRunOf('mine-too', 1).name, 'not-mine', `${run.name}0`].flatMap((name) => thingsOf(name)),
  ...[anImageOf('mine-too'), anImageOf(aRunOf('mine-too', 1).images), anImageOf(`${run.images}0`)],
];
const idsOf = (things: Thing[]) => things.map(({ id }) => id);

describe('taking away what a try has made', () => {
  it('takes its containers, networks, volumes and built images, and nothing of another project', async () => {
    const daemon = aDaemon([...mine, ...others]);
    await clearTry(daemon.docker, run);
    expect(daemon.left()).toEqual(idsOf(others));
  });

  it('takes nothing of another project from a daemon that filters nothing', async () => {
    const daemon = aDaemon([...mine, ...others]);
    const unfiltered: Docker = (args, how) =>
      daemon.docker(
        args.map((arg) => (arg.startsWith(`label=${label}=`) ? `label=${label}` : arg)),
        how,
      );
    await clearTry(unfiltered, run);
    expect(daemon.left()).toEqual(idsOf(others));
  });

  it('takes nothing of another try, which may be at work when this one hears that it is over', async () => {
    const daemon = aDaemon(mine);
    await clearEarlierTries(daemon.docker, later);
    daemon.make(leftBy(later));
    await clearTry(daemon.docker, run);
    expect(daemon.left()).toEqual(idsOf(leftBy(later)));
  });

  it('looks again until nothing is left: what is in use now may not be a moment later', async () => {
    const daemon = aDaemon([...mine, ...others], { orders: 3 });
    await clearTry(daemon.docker, run);
    expect(daemon.left()).toEqual(idsOf(others));
  });

  it('says what cannot be taken away', async () => {
    const daemon = aDaemon(mine, { orders: Infinity });
    await expect(clearTry(daemon.docker, run)).rejects.toThrow(/SLIP-TEST-2[^]*still in use/);
  });

  it('takes a label that holds a line like ours for a label', async () => {
    const theirs = { kind: 'container', id: 'of-strangers', name: `x\nof-others "${run.name}"` };
    const daemon = aDaemon([theirs, { kind: 'container', id: 'of-others', name: 'others' }, ...mine]);
    await clearTry(daemon.docker, run);
    expect(daemon.left()).toEqual(['of-strangers', 'of-others']);
  });

  it('does not take a daemon that does not answer for one that has nothing', async () => {
    const docker: Docker = () => Promise.resolve({ ...said(''), exitCode: 1, tail: 'no daemon' });
    await expect(clearTry(docker, run)).rejects.toMatchObject({ details: { code: 'SLIP-TEST-2' } });
  });
});

describe('a try that begins', () => {
  it('takes what earlier ones have left, also those of older versions, and nothing of another project', async () => {
    const left = [...leftBy(earlier), ...mine, ...ofOlderVersions.flatMap(thingsOf), anImageOf('mine')];
    const daemon = aDaemon([...left, ...others]);
    await clearEarlierTries(daemon.docker, later);
    expect(daemon.left()).toEqual(idsOf(others));
  });

  it('takes nothing of one that began later: then it is the one that was given up', async () => {
    const daemon = aDaemon([...leftBy(earlier), ...leftBy(later)]);
    await clearEarlierTries(daemon.docker, run);
    expect(daemon.left()).toEqual(idsOf(leftBy(later)));
  });

  it.each(['mine', earlier.name])(
    'is not kept from it by strangers who go on making containers with the label %s',
    async (name) => {
      const theirs = { kind: 'container', id: 'of-strangers', name };
      const daemon = aDaemon([theirs, ...leftBy(earlier)], { madeAgain: theirs.id });
      await clearEarlierTries(daemon.docker, run);
      expect(daemon.left()).toEqual([theirs.id]);
    },
  );

  it('does not take a daemon that does not answer for one that has nothing', async () => {
    const docker: Docker = () => Promise.resolve({ ...said(''), exitCode: 1, tail: 'no daemon' });
    await expect(clearEarlierTries(docker, run)).rejects.toMatchObject({ details: { code: 'SLIP-TEST-2' } });
  });
});

describe('a list that is longer than what is read of it', () => {
  /** Reads no more than two lines of any list, and a part of the third. */
  const cut =
    (docker: Docker): Docker =>
    async (args, how) => {
      const result = await docker(args, how);
      const lines = result.stdout.toString().split('\n').slice(0, -1);
      if (lines.length <= 2) return result;
      return {
        ...result,
        truncated: true,
        stdout: Buffer.from([...lines.slice(0, 2), lines[2]!.slice(0, 5)].join('\n')),
      };
    };
  const many = Array.from({ length: 20 }, (_, i) =>
    thingsOf('others').map((one) => ({ ...one, id: `${one.id}-${i}` })),
  );
  const ofOthers = many.flat();

  it('does not stop the end of a try, which asks for what is its own alone', async () => {
    const own = Array.from({ length: 3 }, (_, i) =>
      thingsOf(run.name).map((one) => ({ ...one, id: `${one.id}-${i}` })),
    );
    const daemon = aDaemon([...ofOthers, ...own.flat(), anImageOf(run.images)]);
    await clearTry(cut(daemon.docker), run);
    expect(daemon.left()).toEqual(idsOf(ofOthers));
  });

  it('does not stop a try that begins: what it reads of it is taken away', async () => {
    const imagesOfOthers = Array.from({ length: 20 }, (_, i) => anImageOf(`others-${i}`));
    const daemon = aDaemon([...leftBy(earlier), ...ofOthers, ...imagesOfOthers]);
    await clearEarlierTries(cut(daemon.docker), run);
    expect(daemon.left()).toEqual(idsOf([...ofOthers, ...imagesOfOthers]));
  });

  it.each([
    [true, ['one', 'two']],
    [false, ['one', 'two', 'thr']],
  ])('has no part of a line for a line: truncated %j', async (truncated, lines) => {
    const docker: Docker = () => Promise.resolve({ ...said('one\ntwo\nthr'), truncated });
    expect(await linesRead(docker, ['ps'])).toEqual({ lines, isCut: truncated });
  });

  it('is not taken for the whole where all are needed: what is ours may be behind', async () => {
    const refused = { details: { code: 'SLIP-TEST-2', detail: expect.stringMatching(/more than is read/) } };
    const docker: Docker = () => Promise.resolve({ ...said('a tests\n'), truncated: true });
    await expect(containersOf(docker, run)).rejects.toMatchObject(refused);
  });

  it('is not made so by one label: of each no more is asked for than a name of ours may have', async () => {
    const asked: (readonly string[])[] = [];
    await clearEarlierTries((args) => (asked.push(args), Promise.resolve(said(''))), run);
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
    expect(run.name).toMatch(/^mine-0000000007d0-[0-9a-f]{16}$/);
    expect(aRunOf('mine', 2_000).name).not.toBe(run.name);
    // Builders tell how their images are called.
    expect(run.images).not.toContain(run.name.slice(-16, -8));
  });
});
