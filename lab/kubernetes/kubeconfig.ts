import { readFile, writeFile } from 'node:fs/promises';
import type { KeyPair } from './certificates.ts';

export interface KubeconfigRequest {
  path: string;
  cluster: string;
  server: string;
  authority: string;
  client: KeyPair;
}

/** Writes a kubeconfig that carries its certificates, so that it can be copied anywhere. JSON is YAML, so JSON it is. */
export async function writeKubeconfig(request: KubeconfigRequest): Promise<void> {
  const base64 = async (path: string) => (await readFile(path)).toString('base64');
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': request.cluster,
    clusters: [
      {
        name: request.cluster,
        cluster: { server: request.server, 'certificate-authority-data': await base64(request.authority) },
      },
    ],
    users: [
      {
        name: request.cluster,
        user: {
          'client-certificate-data': await base64(request.client.certificate),
          'client-key-data': await base64(request.client.key),
        },
      },
    ],
    contexts: [{ name: request.cluster, context: { cluster: request.cluster, user: request.cluster } }],
  };
  await writeFile(request.path, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
}
