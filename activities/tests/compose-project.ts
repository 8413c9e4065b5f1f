import { failure } from '../../domain/errors/catalogue.ts';
import { linesOf, type Docker, type DockerCall } from './docker-command.ts';

/** What Compose writes on everything that it makes, and we on what we add. */
export const ofProject = (project: string): string => `com.docker.compose.project=${project}`;

const mostRounds = 5;

/**
 * What images are called that tests build, or build on. No registry has the name: whoever else says it finds nothing, as all that others name is
 * fetched, and a builder that does not find it here finds it nowhere.
 */
export const imageOfProject = (project: string, which: string): string => `${imagesOf(project)}${which}`;
/** No project has a dot in its name. */
const imagesOf = (project: string): string => `slipway.invalid/tests:${project}.`;

const labelled = (project: string) => `label=${ofProject(project)}`;
const kinds = [
  { list: ['ps', '--all', '--quiet', '--no-trunc'], filter: labelled, remove: ['rm', '--force', '--volumes'] },
  { list: ['network', 'ls', '--quiet', '--no-trunc'], filter: labelled, remove: ['network', 'rm'] },
  { list: ['volume', 'ls', '--quiet'], filter: labelled, remove: ['volume', 'rm', '--force'] },
  // By their names: the same image may have one of another project.
  {
    list: ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}'],
    filter: (project: string) => `reference=${imagesOf(project)}*`,
    remove: ['image', 'rm', '--force'],
  },
];

/**
 * Takes away all containers, networks, volumes and own images of a project, and of it alone: those that bear its name, whatever any compose
 * file says by now. Looks again until nothing is left: a command that was ended may have been heard by the daemon all the same. Throws SLIP-TEST-2.
 */
export async function clearProject(docker: Docker, project: string, how: DockerCall = {}): Promise<void> {
  let said = '';
  for (let round = 0; round < mostRounds; round += 1) {
    let found = 0;
    for (const { list, filter, remove } of kinds) {
      const ids = await linesOf(docker, [...list, '--filter', filter(project)], how);
      found += ids.length;
      if (ids.length > 0) said = (await docker([...remove, ...ids], how)).tail;
    }
    if (found === 0) return;
  }
  throw failure('SLIP-TEST-2', `what the tests have started cannot be taken away: ${said}`);
}

/** The containers of a project by service. */
export async function containersOf(docker: Docker, project: string, how?: DockerCall): Promise<Map<string, string[]>> {
  const format = '{{.ID}} {{.Label "com.docker.compose.service"}}';
  const filter = `label=${ofProject(project)}`;
  const lines = await linesOf(docker, ['ps', '--all', '--no-trunc', '--filter', filter, '--format', format], how);
  const found = new Map<string, string[]>();
  for (const line of lines) {
    const [id = '', service = ''] = line.split(' ', 2);
    found.set(service, [...(found.get(service) ?? []), id]);
  }
  return found;
}
