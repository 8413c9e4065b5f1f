import { access } from 'node:fs/promises';
import { findProgram, run } from './command.ts';
import type { Progress } from './command.ts';

const PACKAGE_OF: Record<string, string> = {
  containerd: 'containerd',
  runc: 'runc',
  ip: 'iproute2',
  openssl: 'openssl',
  mmdebstrap: 'mmdebstrap',
  dockerd: 'docker.io',
  docker: 'docker.io',
};

const CNI_PLACES = ['/usr/lib/cni', '/opt/cni/bin', '/usr/libexec/cni'];

/** Installs the Debian packages behind the programs that are missing, after saying which. Programs already on PATH are used as they are. */
export async function ensurePrograms(programs: readonly string[], progress: Progress): Promise<void> {
  const missing: string[] = [];
  for (const program of programs) if (!(await findProgram(program))) missing.push(PACKAGE_OF[program] ?? program);
  await install(missing, progress);
}

/** The folder with the CNI plugins `bridge`, `host-local` and `loopback`, installed when absent. */
export async function ensureCniPlugins(progress: Progress): Promise<string> {
  const present = await cniFolder();
  if (present) return present;
  await install(['containernetworking-plugins'], progress);
  const installed = await cniFolder();
  if (!installed) throw new Error(`the CNI plugins are in none of ${CNI_PLACES.join(', ')}`);
  return installed;
}

async function cniFolder(): Promise<string | undefined> {
  for (const place of CNI_PLACES) {
    const plugins = ['bridge', 'host-local', 'loopback'].map((plugin) => access(`${place}/${plugin}`));
    if ((await Promise.allSettled(plugins)).every((result) => result.status === 'fulfilled')) return place;
  }
  return undefined;
}

async function install(packages: readonly string[], progress: Progress): Promise<void> {
  if (packages.length === 0) return;
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  if (!(await findProgram('apt-get')) || process.getuid?.() !== 0) {
    throw new Error(
      `missing on this machine: ${packages.join(', ')}. Install them, for example with: sudo ${command.join(' ')}`,
    );
  }
  progress(`installing ${packages.join(', ')} with apt-get`);
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' } };
  const wait = ['-o', 'DPkg::Lock::Timeout=300'];
  const args = [...wait, ...command.slice(1)];
  try {
    await run('apt-get', args, options);
  } catch {
    await run('apt-get', [...wait, 'update'], options); // a machine whose package lists are absent or old
    await run('apt-get', args, options);
  }
}
