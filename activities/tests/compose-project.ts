import { randomBytes } from 'node:crypto';
import { failure } from '../../domain/errors/catalogue.ts';
import { linesOf, linesRead, type Docker, type DockerCall } from './docker-command.ts';

const label = 'com.docker.compose.project';

/** What Compose writes on everything that it makes, and we on what we add. */
export const ofProject = (name: string): string => `${label}=${name}`;

/** One try of a project's tests. */
export interface ProjectRun {
  project: string;
  /**
   * What Compose calls the project in this try. Compose and we know by that label what is ours, and anybody's image may bear labels: so
   * nobody can guess it, and it is not told while the tests run.
   */
  name: string;
  /** What images of this try are called by. Builders tell it: it is another one. */
  images: string;
}

/** `at`: when it begins, ms. */
export function aRunOf(project: string, at: number): ProjectRun {
  const begins = `${project}-${at.toString(16).padStart(12, '0')}`;
  const [name, images] = [8, 4].map((bytes) => `${begins}-${randomBytes(bytes).toString('hex')}`) as [string, string];
  return { project, name, images };
}

/** When the try began that bears this name; undefined for what is of no try of this project. Versions before this one did not say when: 0. */
function beganAt(project: string, name: string): number | undefined {
  if (!name.startsWith(project)) return undefined;
  const mark = name.slice(project.length);
  if (/^(-[0-9a-f]{16})?$/.test(mark)) return 0;
  const [, began] = /^-([0-9a-f]{12})-([0-9a-f]{8}){1,2}$/.exec(mark) ?? [];
  return began === undefined ? undefined : Number.parseInt(began, 16);
}

const mostRounds = 5;

/**
 * What images are called that tests build, or build on. No registry has the name: whoever else says it finds nothing, as all that others name is
 * fetched, and a builder that does not find it here finds it nowhere.
 */
export const imageOfProject = (images: string, which: string): string => `${imagesOf}${images}.${which}`;
/** No project has a dot in its name. */
const imagesOf = 'slipway.invalid/tests:';

/**
 * As JSON: a label of strangers may hold a line that looks like one of ours. And no more of it than would be longer than any name of ours: it may
 * have megabytes.
 */
const labelled = (id: string) => ['--format', `{{${id}}} {{json (printf "%.200s" (.Label "${label}"))}}`];
const kinds = [
  { list: ['ps', '--all', '--no-trunc', ...labelled('.ID')], remove: ['rm', '--force', '--volumes'] },
  { list: ['network', 'ls', '--no-trunc', ...labelled('.ID')], remove: ['network', 'rm'] },
  { list: ['volume', 'ls', ...labelled('.Name')], remove: ['volume', 'rm', '--force'] },
];

/** Which things the daemon is asked for, and which of its answer are meant. */
interface Meant {
  /** As filters of the daemon's lists. */
  things: string;
  images: string;
  is(name: string): boolean;
}

/**
 * Takes away all containers, networks, volumes and own images of this try, and of it alone: one that is told late that it is over may have been
 * followed by another, whose tests are running. Looks again until nothing is left: a command that was ended may have been heard by the daemon
 * all the same. Throws SLIP-TEST-2.
 */
export async function clearTry(docker: Docker, { name, images }: ProjectRun, how: DockerCall = {}): Promise<void> {
  // By its own name alone: how long the list of all projects is, is for others to say.
  const own: Meant = {
    ...{ things: `label=${ofProject(name)}`, images: `reference=${imagesOf}${images}.*` },
    is: (one) => one === name || one === images,
  };
  let said = '';
  for (let round = 0; round < mostRounds; round += 1) {
    const seen = await remove(docker, own, how);
    if (seen.found === 0) return;
    said = seen.said;
  }
  throw failure('SLIP-TEST-2', `what the tests have started cannot be taken away: ${said}`);
}

/**
 * Takes away what earlier tries have left, before there is anything of this one: by the project's name, whatever any compose file says by now. It
 * is not waited for, as strangers can put that name on what they go on making. A try that began later is left alone: where there is one, this is
 * the one that was given up, and has not heard of it. Temporal begins another only when it has given up those before: whether somebody is still at
 * work on one of them cannot be told, nor is its end told to anybody. Nor can it be told which began first where two workers' clocks differ by
 * more than lies between the two. Throws SLIP-TEST-2.
 */
export async function clearEarlierTries(docker: Docker, run: ProjectRun, how: DockerCall = {}): Promise<void> {
  const own = beganAt(run.project, run.name)!;
  const isEarlier = (name: string) => {
    const began = beganAt(run.project, name);
    return began !== undefined && began < own;
  };
  await remove(docker, { things: `label=${label}`, images: `reference=${imagesOf}*`, is: isEarlier }, how);
}

/** Takes away once what is called so: by its project's label, or by the name of an image. */
async function remove(docker: Docker, meant: Meant, how: DockerCall): Promise<{ found: number; said: string }> {
  const seen = { found: 0, said: '' };
  const order = async (args: string[], ids: string[]) => {
    if (ids.length === 0) return;
    seen.found += ids.length;
    seen.said = (await docker([...args, ...ids], how)).tail;
  };
  for (const kind of kinds) {
    const { lines } = await linesRead(docker, [...kind.list, '--filter', meant.things], how);
    const found = lines.map(idAndName).filter(({ name }) => meant.is(name));
    await order(
      kind.remove,
      found.map(({ id }) => id),
    );
  }
  // By their names, which are ours to give: the same image may have one of another project.
  const asked = ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', '--filter', meant.images];
  const { lines: images } = await linesRead(docker, asked, how);
  await order(
    ['image', 'rm', '--force'],
    images.filter((image) => meant.is(image.slice(imagesOf.length, image.lastIndexOf('.')))),
  );
  return seen;
}

/** What stands between the quotes: no name of ours has a character that is written otherwise in JSON. */
function idAndName(line: string): { id: string; name: string } {
  const at = line.indexOf(' ');
  return { id: line.slice(0, at), name: line.slice(at + 2, -1) };
}

/** The containers of a try by service. */
export async function containersOf(
  docker: Docker,
  { name }: ProjectRun,
  how?: DockerCall,
): Promise<Map<string, string[]>> {
  const format = '{{.ID}} {{.Label "com.docker.compose.service"}}';
  const filter = `label=${ofProject(name)}`;
  const lines = await linesOf(docker, ['ps', '--all', '--no-trunc', '--filter', filter, '--format', format], how);
  const found = new Map<string, string[]>();
  for (const line of lines) {
    const [id = '', service = ''] = line.split(' ', 2);
    found.set(service, [...(found.get(service) ?? []), id]);
  }
  return found;
}
