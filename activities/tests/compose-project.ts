import { randomBytes } from 'node:crypto';
import { failure } from '../../domain/errors/catalogue.ts';
import { linesOf, type Docker, type DockerCall } from './docker-command.ts';

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
}

export const aRunOf = (project: string): ProjectRun => ({
  project,
  name: `${project}-${randomBytes(8).toString('hex')}`,
});

/** Whether a label names some try of this project. */
const isTryOf = (project: string, name: string) =>
  name.startsWith(project) && /^(-[0-9a-f]{16})?$/.test(name.slice(project.length));

const mostRounds = 5;

/**
 * What images are called that tests build, or build on. No registry has the name: whoever else says it finds nothing, as all that others name is
 * fetched, and a builder that does not find it here finds it nowhere.
 */
export const imageOfProject = (project: string, which: string): string => `${imagesOf(project)}${which}`;
/** No project has a dot in its name. */
const imagesOf = (project: string): string => `slipway.invalid/tests:${project}.`;

/**
 * As JSON: a label of strangers may hold a line that looks like one of ours. And no more of it than would be longer than any name of ours: it may
 * have megabytes.
 */
const labelled = (id: string) => [
  ...['--filter', `label=${label}`],
  ...['--format', `{{${id}}} {{json (printf "%.200s" (.Label "${label}"))}}`],
];
const kinds = [
  { list: ['ps', '--all', '--no-trunc', ...labelled('.ID')], remove: ['rm', '--force', '--volumes'] },
  { list: ['network', 'ls', '--no-trunc', ...labelled('.ID')], remove: ['network', 'rm'] },
  { list: ['volume', 'ls', ...labelled('.Name')], remove: ['volume', 'rm', '--force'] },
];

/**
 * Takes away all containers, networks, volumes and own images of a project, and of it alone: those that bear its name, whatever any compose
 * file says by now. Looks again until nothing of this try is left: a command that was ended may have been heard by the daemon all the same. What
 * is of earlier tries goes too, and is not waited for: strangers can put that name on what they go on making. Throws SLIP-TEST-2.
 */
export async function clearProject(docker: Docker, run: ProjectRun, how: DockerCall = {}): Promise<void> {
  let said = '';
  for (let round = 0; round < mostRounds; round += 1) {
    let ours = 0;
    for (const { list, remove } of kinds) {
      const found = (await linesOf(docker, list, how)).map(idAndName).filter(({ name }) => isTryOf(run.project, name));
      ours += found.filter(({ name }) => name === run.name).length;
      if (found.length > 0) said = (await docker([...remove, ...found.map(({ id }) => id)], how)).tail;
    }
    // By their names, which are ours to give: the same image may have one of another project.
    const images = await linesOf(docker, ['image', 'ls', ...imagesNamed(run.project)], how);
    ours += images.length;
    if (images.length > 0) said = (await docker(['image', 'rm', '--force', ...images], how)).tail;
    if (ours === 0) return;
  }
  throw failure('SLIP-TEST-2', `what the tests have started cannot be taken away: ${said}`);
}

const imagesNamed = (project: string) => [
  ...['--filter', `reference=${imagesOf(project)}*`],
  ...['--format', '{{.Repository}}:{{.Tag}}'],
];

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
