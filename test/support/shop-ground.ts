import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { startSandboxRegions } from '../../lab/sandbox-regions.ts';
import type { SandboxRegions } from '../../lab/sandbox-regions.ts';
import { startServices } from '../../lab/world.ts';
import type { Services } from '../../lab/world.ts';
import { startGitServer } from './git-server.ts';

type Stops = (() => Promise<unknown>)[];

/** What an engine stands on that releases the shop from images which are there already. */
export interface ShopGround {
  directory: string;
  services: Services;
  regions: SandboxRegions;
}

/** Each thing that is there adds to `stops` how it goes: the last one first. */
export async function startShopGround(
  name: string,
  stops: Stops,
  progress = (_line: string) => {},
): Promise<ShopGround> {
  const directory = await mkdtemp(join(tmpdir(), `slipway-${name}-`));
  stops.push(() => rm(directory, { recursive: true, force: true }));
  await execa('chmod', ['755', directory]); // PostgreSQL runs as another account
  const services = await startServices({ directory, progress });
  stops.push(() => services.stop());
  const base = `${services.registry.host}/none`; // nothing is built here
  const regions = await startSandboxRegions({ directory, services, base, tests: false, bake: '0s' });
  stops.push(() => regions.stop());
  return { directory, services, regions };
}

/** The shop's repository over HTTP, as `example/shop`: its address. */
export async function serveShop({ directory, regions }: ShopGround, stops: Stops): Promise<string> {
  const places = join(directory, 'git', 'example');
  await mkdir(places, { recursive: true });
  await symlink(regions.repository, join(places, 'shop'));
  const git = await startGitServer({ directory: join(directory, 'git') });
  stops.push(() => git.stop());
  return `http://${git.host}/example/shop`;
}
