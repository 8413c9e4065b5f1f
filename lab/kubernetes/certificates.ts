import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.ts';

export interface KeyPair {
  certificate: string;
  key: string;
}

/** The paths of one region's own certificates. */
export interface Certificates {
  authority: KeyPair;
  apiserver: KeyPair;
  etcd: KeyPair;
  kubelet: KeyPair;
  serviceAccountKey: string;
  /** Client certificates, by who presents them. */
  clients: Record<ClientName, KeyPair>;
}

export type ClientName =
  'admin' | 'controllerManager' | 'scheduler' | 'node' | 'apiserverToKubelet' | 'apiserverToEtcd';

const DAYS = '30';
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Makes a region's own authority and everything it signs. Private keys are readable by the owner only and last 30 days. */
export async function makeCertificates(
  directory: string,
  node: { name: string; address: string; serviceAddress: string },
): Promise<Certificates> {
  await mkdir(directory, { recursive: true });
  await chmod(directory, 0o700);
  const authority = pair(directory, 'authority');
  await run('openssl', [
    'req',
    '-x509',
    '-new',
    ...NEW_KEY,
    '-days',
    DAYS,
    '-subj',
    '/CN=slipway-region',
    '-keyout',
    authority.key,
    '-out',
    authority.certificate,
  ]);
  const sign = (name: string, subject: string, addresses?: string) =>
    issue(directory, authority, name, subject, addresses);
  const local = 'DNS:localhost,IP:127.0.0.1';
  const [
    apiserver,
    etcd,
    kubelet,
    admin,
    controllerManager,
    scheduler,
    nodeClient,
    apiserverToKubelet,
    apiserverToEtcd,
  ] = await Promise.all([
    sign(
      'apiserver',
      '/CN=kube-apiserver',
      `${local},DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,IP:${node.serviceAddress},IP:${node.address}`,
    ),
    sign('etcd', '/CN=etcd', local),
    sign('kubelet', `/O=system:nodes/CN=system:node:${node.name}`, `DNS:${node.name},IP:${node.address}`),
    sign('admin', '/O=system:masters/CN=admin'),
    sign('controller-manager', '/CN=system:kube-controller-manager'),
    sign('scheduler', '/CN=system:kube-scheduler'),
    sign('node', `/O=system:nodes/CN=system:node:${node.name}`),
    sign('apiserver-to-kubelet', '/O=system:masters/CN=kube-apiserver-kubelet-client'),
    sign('apiserver-to-etcd', '/CN=kube-apiserver-etcd-client'),
  ]);
  const serviceAccountKey = join(directory, 'service-account.key');
  await run('openssl', ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', serviceAccountKey]);
  return {
    authority,
    apiserver,
    etcd,
    kubelet,
    serviceAccountKey,
    clients: { admin, controllerManager, scheduler, node: nodeClient, apiserverToKubelet, apiserverToEtcd },
  };
}

function pair(directory: string, name: string): KeyPair {
  return { certificate: join(directory, `${name}.crt`), key: join(directory, `${name}.key`) };
}

async function issue(
  directory: string,
  authority: KeyPair,
  name: string,
  subject: string,
  addresses?: string,
): Promise<KeyPair> {
  const made = pair(directory, name);
  const request = join(directory, `${name}.csr`);
  const extensions = join(directory, `${name}.ext`);
  const usage = addresses
    ? [`subjectAltName=${addresses}`, 'extendedKeyUsage=serverAuth,clientAuth']
    : ['extendedKeyUsage=clientAuth'];
  await writeFile(extensions, ['keyUsage=critical,digitalSignature', ...usage, ''].join('\n'));
  await run('openssl', ['req', '-new', ...NEW_KEY, '-subj', subject, '-keyout', made.key, '-out', request]);
  // serials are random, so that issuing side by side needs no shared serial file
  const serial = `0x${crypto.randomUUID().replaceAll('-', '').slice(0, 30)}`;
  await run('openssl', [
    'x509',
    '-req',
    '-in',
    request,
    '-CA',
    authority.certificate,
    '-CAkey',
    authority.key,
    '-set_serial',
    serial,
    '-days',
    DAYS,
    '-extfile',
    extensions,
    '-out',
    made.certificate,
  ]);
  return made;
}
