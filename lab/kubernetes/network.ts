import { readFile, readdir, rm, rmdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { attempt, run } from './command.ts';

/** The addresses of one region. Regions differ by index alone, so that two never share an address, a bridge or a port. */
export interface RegionNetwork {
  bridge: string;
  nodeAddress: string;
  podCidr: string;
  serviceCidr: string;
  serviceAddress: string;
}

export const MOST_REGIONS = 100;

export function networkOf(index: number): RegionNetwork {
  if (!Number.isInteger(index) || index < 0 || index >= MOST_REGIONS)
    throw new RangeError(`a region's index is a whole number from 0 to ${MOST_REGIONS - 1}, not ${index}`);
  return {
    bridge: `slipway${index}`,
    nodeAddress: `10.213.${index}.1`,
    podCidr: `10.213.${index}.0/24`,
    serviceCidr: `10.214.${index}.0/24`,
    serviceAddress: `10.214.${index}.1`,
  };
}

/** The index is in use: its bridge exists. `owner` is the region directory that made the bridge. */
export class IndexTaken extends Error {
  readonly owner: string | undefined;

  constructor(bridge: string, owner: string | undefined) {
    super(`the bridge ${bridge} exists already${owner ? `; it belongs to the region in ${owner}` : ''}`);
    this.name = 'IndexTaken';
    this.owner = owner;
  }
}

/**
 * Makes the region's bridge with its address. Making a link is atomic, so the bridge is also the claim on the index; the
 * alias says whose it is. It must stand before the kubelet starts: a node's address may not be a loopback one, and the
 * kubelet refuses an address that no interface has.
 */
export async function createBridge(network: RegionNetwork, owner: string): Promise<void> {
  const made = await attempt('ip', ['link', 'add', 'name', network.bridge, 'type', 'bridge']);
  if (!made) throw new IndexTaken(network.bridge, await bridgeOwner(network.bridge));
  await run('ip', ['link', 'set', 'dev', network.bridge, 'alias', owner]);
  await run('ip', ['address', 'add', `${network.nodeAddress}/24`, 'dev', network.bridge]);
  await run('ip', ['link', 'set', 'dev', network.bridge, 'up']);
}

/** Undefined when there is no such bridge, an empty text when it does not say whose it is. */
export async function bridgeOwner(bridge: string): Promise<string | undefined> {
  const shown = await attempt('ip', ['-j', 'link', 'show', 'dev', bridge]);
  if (!shown) return undefined;
  const [link] = JSON.parse(shown.stdout) as { ifalias?: string }[];
  return link?.ifalias ?? '';
}

/** The directories of all regions that have a bridge on this machine. */
export async function bridgeOwners(): Promise<string[]> {
  const shown = await attempt('ip', ['-j', 'link', 'show', 'type', 'bridge']);
  const links = shown?.stdout.trim() ? (JSON.parse(shown.stdout) as { ifname?: string; ifalias?: string }[]) : [];
  return links.flatMap(({ ifname, ifalias }) => (/^slipway\d+$/.test(ifname ?? '') && ifalias ? [ifalias] : []));
}

/** Removes the bridge and the host ends of its pods' links, which the kernel otherwise removes some time later. */
export async function removeBridge(bridge: string): Promise<void> {
  const ports = await attempt('ip', ['-j', 'link', 'show', 'master', bridge]);
  const links = ports && ports.stdout.trim() ? (JSON.parse(ports.stdout) as { ifname?: string }[]) : [];
  for (const { ifname } of links) if (ifname) await attempt('ip', ['link', 'delete', 'dev', ifname]);
  await attempt('ip', ['link', 'delete', 'dev', bridge]);
}

/** Removes libcni's notes about namespaces below `state`. It keeps them in one folder for the whole machine and takes no other from containerd. */
export async function forgetCniResults(state: string): Promise<void> {
  const folder = '/var/lib/cni/results';
  for (const name of await readdir(folder).catch(() => [])) {
    const note = await readFile(`${folder}/${name}`, 'utf8').catch(() => '');
    if (note.includes(`${state}/`)) await rm(`${folder}/${name}`, { force: true });
  }
  for (const empty of [folder, '/var/lib/cni']) await rmdir(empty).catch(() => {});
}

/** The CNI configuration: pods on the bridge, one subnet. No masquerading and no forwarding, hence no iptables rule and no sysctl: pods talk to their region and to this machine only. */
export function cniConfiguration(network: RegionNetwork, addresses: string): object {
  return {
    cniVersion: '0.4.0',
    name: network.bridge,
    plugins: [
      {
        type: 'bridge',
        bridge: network.bridge,
        isGateway: false, // the bridge has its address already; `true` would also switch on forwarding for the whole machine
        ipMasq: false,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          dataDir: addresses,
          ranges: [[{ subnet: network.podCidr, gateway: network.nodeAddress }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
    ],
  };
}

/**
 * Free loopback ports for a region, from a range of its own below the kernel's ephemeral ports: neither another region
 * nor an outgoing connection takes one between the choice and its use.
 */
export async function pickPorts(index: number, count: number): Promise<number[]> {
  const first = 21_000 + index * 20;
  const free: number[] = [];
  for (let port = first; port < first + 20 && free.length < count; port += 1) if (await isFree(port)) free.push(port);
  if (free.length < count)
    throw new Error(`of the ports ${first} to ${first + 19} on 127.0.0.1 fewer than ${count} are free`);
  return free;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
