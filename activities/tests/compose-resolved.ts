import { failure } from '../../domain/errors/catalogue.ts';
import { keepBuildsApart } from './compose-builds.ts';
import { replaceBinds, type CopiedDirectory } from './compose-mounts.ts';
import { readResolvedYaml } from './compose-yaml.ts';

/** What may run: the one file that Compose reads from then on. */
export interface Runnable {
  text: string;
  services: string[];
  directories: CopiedDirectory[];
}

/** Makes what may run of what Compose has resolved from a compose file that was judged. Throws SLIP-TEST-3. */
export async function makeRunnable(resolved: Uint8Array, root: string): Promise<Runnable> {
  const read = readResolvedYaml(resolved);
  if ('problem' in read) throw failure('SLIP-TEST-3', `what Compose makes of the compose file ${read.problem}`);
  refuseComposeLabels(read.value);
  keepBuildsApart(read.document, root);
  const directories = await replaceBinds(read.document, root);
  const services = Object.keys(asMap(asMap(read.value)['services']));
  return { text: read.document.toString({ lineWidth: 0 }), services, directories };
}

/** By them is known what belongs to which project, and taken away. Looked at here: before, a variable may hold one. */
function refuseComposeLabels(value: unknown): void {
  for (const kind of ['services', 'networks', 'volumes']) {
    for (const [name, one] of Object.entries(asMap(asMap(value)[kind]))) {
      const labels = asMap(one)['labels'];
      const keys = Array.isArray(labels) ? labels.map(String) : Object.keys(asMap(labels));
      if (keys.some((key) => key.trim().toLowerCase().startsWith('com.docker.compose.')))
        throw failure('SLIP-TEST-3', `${kind}.${name}.labels has one of Compose's own`);
    }
  }
}

const asMap = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
