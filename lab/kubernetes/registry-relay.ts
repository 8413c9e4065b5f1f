import { networkInterfaces } from 'node:os';
import { run } from './command.ts';
import { startRelay } from './relay.ts';

export interface RegistryRelay {
  /** host:port at which the cluster's nodes reach the registry. */
  address: string;
  /** This machine as the nodes and pods of the network see it. */
  hostAddress: string;
  stop(): Promise<void>;
}

/**
 * Makes a registry that listens on loopback reachable for nodes that are Docker containers: listens on the address this
 * machine has in their network and passes connections on. Where Docker runs in a virtual machine of its own that address
 * is not ours, and Docker itself passes `host.docker.internal` on to our loopback.
 */
export async function relayRegistry(docker: string, network: string, registry: string): Promise<RegistryRelay> {
  const [host = '127.0.0.1', port = '5000'] = registry.split(':');
  const inspected = JSON.parse((await run(docker, ['network', 'inspect', network])).stdout) as {
    IPAM?: { Config?: { Gateway?: string }[] };
  }[];
  const gateway = inspected[0]?.IPAM?.Config?.map((entry) => entry.Gateway).find((address) => address?.includes('.'));
  const ours = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  if (!gateway || !ours.some(({ address }) => address === gateway)) {
    return { address: `host.docker.internal:${port}`, hostAddress: 'host.docker.internal', stop: async () => {} };
  }
  const relay = await startRelay(gateway, { host, port: Number(port) });
  return { address: `${gateway}:${relay.port}`, hostAddress: gateway, stop: relay.stop };
}
