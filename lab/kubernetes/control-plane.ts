import { join } from 'node:path';
import type { KubernetesBinaries } from './binaries.ts';
import type { Certificates } from './certificates.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import type { RegionNetwork } from './network.ts';
import type { RegionPaths } from './paths.ts';
import type { Service } from './processes.ts';

export interface ControlPlane {
  server: string;
  etcd: Service;
  apiserver: Service;
  /** Started when the API answers. */
  controllers: Service[];
}

export interface ControlPlaneRequest {
  name: string;
  binaries: KubernetesBinaries;
  paths: RegionPaths;
  certificates: Certificates;
  network: RegionNetwork;
  ports: { etcd: number; etcdPeer: number; apiserver: number };
}

/** The services of a control plane, all on loopback, and the kubeconfigs their users need. Starts nothing. */
export async function prepareControlPlane(request: ControlPlaneRequest): Promise<ControlPlane> {
  const { name, binaries, paths, certificates, ports } = request;
  const server = `https://127.0.0.1:${ports.apiserver}`;
  const kubeconfig = (path: string, client: keyof Certificates['clients']) =>
    writeKubeconfig({
      path,
      cluster: name,
      server,
      authority: certificates.authority.certificate,
      client: certificates.clients[client],
    });
  const controllerManagerConfig = join(paths.configuration, 'controller-manager.kubeconfig');
  const schedulerConfig = join(paths.configuration, 'scheduler.kubeconfig');
  await kubeconfig(paths.kubeconfig, 'admin');
  await kubeconfig(controllerManagerConfig, 'controllerManager');
  await kubeconfig(schedulerConfig, 'scheduler');
  const service = (serviceName: string, program: string, args: string[]): Service => ({
    name: serviceName,
    program,
    args,
    log: join(paths.logs, `${serviceName}.log`),
  });
  return {
    server,
    etcd: service('etcd', binaries.etcd, etcdArguments(request)),
    apiserver: service('kube-apiserver', binaries.apiserver, apiserverArguments(request, server)),
    controllers: [
      service('kube-controller-manager', binaries.controllerManager, [
        ...followsApi(controllerManagerConfig),
        '--use-service-account-credentials=true',
        ...['--kube-api-qps=500', '--kube-api-burst=1000'], // by default it takes four seconds to make its forty service accounts
        `--service-account-private-key-file=${certificates.serviceAccountKey}`,
        `--root-ca-file=${certificates.authority.certificate}`,
      ]),
      service('kube-scheduler', binaries.scheduler, followsApi(schedulerConfig)),
    ],
  };
}

/** One copy of each, so no leader election; no port, because nobody asks them anything. */
function followsApi(kubeconfig: string): string[] {
  return [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--secure-port=0'];
}

function etcdArguments({ paths, certificates, ports }: ControlPlaneRequest): string[] {
  return [
    `--data-dir=${paths.etcd}`,
    `--listen-client-urls=https://127.0.0.1:${ports.etcd}`,
    `--advertise-client-urls=https://127.0.0.1:${ports.etcd}`,
    `--listen-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
    `--initial-cluster=default=http://127.0.0.1:${ports.etcdPeer}`,
    '--client-cert-auth=true',
    `--trusted-ca-file=${certificates.authority.certificate}`,
    `--cert-file=${certificates.etcd.certificate}`,
    `--key-file=${certificates.etcd.key}`,
    '--unsafe-no-fsync=true', // the data does not outlive the region
  ];
}

function apiserverArguments({ paths, certificates, network, ports }: ControlPlaneRequest, server: string): string[] {
  const { authority, apiserver, clients, serviceAccountKey } = certificates;
  return [
    '--bind-address=127.0.0.1',
    `--secure-port=${ports.apiserver}`,
    `--advertise-address=${network.nodeAddress}`, // loopback is not allowed here, and a machine may have no default route to guess from
    `--etcd-servers=https://127.0.0.1:${ports.etcd}`,
    `--etcd-cafile=${authority.certificate}`,
    `--etcd-certfile=${clients.apiserverToEtcd.certificate}`,
    `--etcd-keyfile=${clients.apiserverToEtcd.key}`,
    `--cert-dir=${paths.certificates}`,
    `--tls-cert-file=${apiserver.certificate}`,
    `--tls-private-key-file=${apiserver.key}`,
    `--client-ca-file=${authority.certificate}`,
    '--authorization-mode=Node,RBAC',
    '--endpoint-reconciler-type=none', // the API listens on loopback: an endpoint for pods would lead nowhere
    `--service-cluster-ip-range=${network.serviceCidr}`,
    `--service-account-issuer=${server}`,
    `--service-account-key-file=${serviceAccountKey}`,
    `--service-account-signing-key-file=${serviceAccountKey}`,
    `--kubelet-certificate-authority=${authority.certificate}`,
    `--kubelet-client-certificate=${clients.apiserverToKubelet.certificate}`,
    `--kubelet-client-key=${clients.apiserverToKubelet.key}`,
    '--kubelet-preferred-address-types=InternalIP',
    '--allow-privileged=true',
  ];
}
