import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes `<directory>/<name>.kubeconfig` and returns its path. JSON is YAML, so JSON it is; no credentials, the sandbox asks for none.
 * `insecure-skip-tls-verify` is what makes @kubernetes/client-node accept plain HTTP; the server is on loopback only.
 */
export async function writeKubeconfig(directory: string, name: string, server: string): Promise<string> {
  const path = join(directory, `${name}.kubeconfig`);
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  };
  await writeFile(path, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  return path;
}
