import { BlockList } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Cluster } from '../kubernetes/clusters.ts';
import { kubectlOn } from '../kubernetes/kubectl.ts';

interface NodeList {
  items: { status: { addresses: { type: string; address: string }[] } }[];
}

/**
 * This machine as the pods of a cluster see it: known for clusters that the lab made; for others the address that this machine
 * has in the network of their nodes. Throws when it has none: then the pods have no way to the lab's database.
 */
export async function hostAddressFor(cluster: Cluster): Promise<string> {
  if (cluster.hostAddress) return cluster.hostAddress;
  const nodes = await (await kubectlOn(cluster)).json<NodeList>(['get', 'nodes']);
  const addresses = nodes.items
    .flatMap(({ status }) => status.addresses)
    .filter(({ type }) => type === 'InternalIP')
    .map(({ address }) => address);
  const ours = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal);
  const found = ours.find(({ address, cidr }) => addresses.some((node) => node === address || contains(cidr, node)));
  if (found) return found.address;
  throw new Error(
    `this machine has no address in the network of the nodes of ${cluster.context} (${addresses.join(', ')}): the lab's database and registry run here, and its pods could not reach them. Use a cluster on this machine.`,
  );
}

function contains(cidr: string | null, address: string): boolean {
  const [network = '', prefix = ''] = (cidr ?? '').split('/');
  if (!prefix) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(prefix));
  return list.check(address);
}
