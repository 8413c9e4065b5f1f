import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createNamespacesBox } from '../../activities/box/namespaces-box.ts';
import { chooseBuilder } from '../../activities/images/choose-builder.ts';
import { findProgram } from '../kubernetes/command.ts';
import type { Progress } from '../kubernetes/command.ts';
import { ensurePrograms } from '../kubernetes/packages.ts';
import { writeLabDatabase } from '../shop/osv-database.ts';
import { ensureGitleaks, findGitleaks } from '../tools/gitleaks.ts';
import { ensureOsvScanner, findOsvScanner } from '../tools/osv-scanner.ts';
import { findCompose, findDocker } from './docker.ts';
import type { Docker } from './docker.ts';
import type { Lifetime } from './lifetime.ts';

/** A gate that this machine can check, by what; or cannot, why, and how to have it. */
export type GateState = { gate: string } & ({ on: true; by: string } | { on: false; why: string; how: string });

/** What this machine builds, scans and tests with. */
export interface Equipment {
  /** Absent: ready-made images are released, and `noBuilder` says why. */
  builder?: string;
  noBuilder?: string;
  docker?: Docker;
  gates: { images: GateState; secrets: GateState; tests: GateState };
  scanners: { osvScanner?: string; osvDatabase?: string; gitleaks?: string };
}

export interface EquipmentOptions {
  directory: string;
  lifetime: Lifetime;
  /** Whether minutes may be spent on building OSV-Scanner. */
  scan: boolean;
  /** The shop of real regions has no tests of this kind. */
  tests: boolean;
  progress: Progress;
}

/** How long the demo waits for gitleaks to be built; it takes half a minute. */
const buildPatience = 75_000;

/** Looks at what is there, and installs what is missing as far as it may: a builder for root, gitleaks where Go is. Never throws for a gate. */
export async function gatherEquipment(options: EquipmentOptions): Promise<Equipment> {
  const [docker, secrets, osv] = await Promise.all([
    findDocker(options.directory, options.lifetime),
    secretGate(options.progress, options.lifetime),
    options.scan || (await findOsvScanner()) ? osvScanner(options.progress) : undefined,
  ]);
  const builder = await findBuilder(docker, options.progress);
  const built = builder.name !== undefined;
  const images = await imageGate(osv, built);
  const osvDatabase = join(options.directory, 'osv');
  if (images.on) await writeLabDatabase(osvDatabase);
  return {
    ...(builder.name !== undefined ? { builder: builder.name } : { noBuilder: builder.reason ?? '' }),
    ...(docker && { docker }),
    gates: { images, secrets: secrets.state, tests: await testGate(docker, built, options.tests) },
    scanners: {
      ...(secrets.program && { gitleaks: secrets.program }),
      ...(images.on && osv?.program && { osvScanner: osv.program, osvDatabase }),
    },
  };
}

/** Images are made from busybox out of a Debian package; without apt there is no base to build on. */
export async function findBuilder(
  docker: Docker | undefined,
  progress: Progress,
): Promise<{ name?: string; reason?: string }> {
  if (!(await findProgram('apt-get')))
    return { reason: 'the base image of the sample shop comes from a Debian package, and there is no apt here' };
  const options = { box: createNamespacesBox(), ...(docker?.host && { dockerHost: docker.host }) };
  let choice = await chooseBuilder(options);
  if (choice.kind === 'none' && process.getuid?.() === 0) {
    progress('no image builder here: installing buildah and skopeo (this is what root is used for)');
    await ensurePrograms(['buildah', 'skopeo'], progress).catch((error: unknown) =>
      progress(`that failed: ${firstLine(error)}`),
    );
    choice = await chooseBuilder(options);
  }
  return choice.kind === 'found' ? { name: choice.name } : { reason: choice.reason };
}

async function secretGate(progress: Progress, lifetime: Lifetime): Promise<{ state: GateState; program?: string }> {
  const gate = 'secret scan';
  const on = (program: string) => ({ state: { gate, on: true, by: 'gitleaks' } as const, program });
  const off = (why: string, how: string) => ({ state: { gate, on: false, why, how } as const });
  const present = await findGitleaks();
  if (present) return on(present);
  if (!(await findProgram('go'))) return off('neither gitleaks nor Go is here', 'install one of them');
  const build = lifetime
    .clearsUp(ensureGitleaks(progress))
    .then(on, (error: unknown) => off(`gitleaks does not build: ${firstLine(error)}`, 'put gitleaks on PATH'));
  const late = sleep(buildPatience, off('gitleaks is not built yet', 'the next demo goes on with it'), { ref: false });
  return Promise.race([build, late]);
}

async function osvScanner(progress: Progress): Promise<{ program?: string; problem?: string }> {
  return ensureOsvScanner(progress).then(
    (program) => ({ program }),
    (error: unknown) => ({ problem: firstLine(error) }),
  );
}

async function imageGate(osv: { program?: string; problem?: string } | undefined, built: boolean): Promise<GateState> {
  const gate = 'image scan';
  const off = (why: string, how: string): GateState => ({ gate, on: false, why, how });
  if (!built) return off('ready-made images hold no packages to look at', 'install Docker, or buildah and skopeo');
  if (!osv) return off('OSV-Scanner is not here', '--scan builds it (needs Go, 3 minutes, once)');
  if (!osv.program) return off(osv.problem ?? 'OSV-Scanner is not here', 'put osv-scanner on PATH');
  if (!(await findProgram('skopeo'))) return off('skopeo, which fetches the images, is not here', 'install skopeo');
  return { gate, on: true, by: "OSV-Scanner, with the lab's own small database" };
}

async function testGate(docker: Docker | undefined, built: boolean, wanted: boolean): Promise<GateState> {
  const gate = 'integration tests';
  const off = (why: string, how: string): GateState => ({ gate, on: false, why, how });
  if (!wanted) return off('the shop of real regions has none', 'run the demo without --kubernetes');
  if (!docker) return off('no Docker daemon answers', 'start Docker');
  if (!built) return off('ready-made images cannot run', 'install Docker, or buildah and skopeo');
  const compose = await findCompose();
  return compose
    ? { gate, on: true, by: `${compose} on ${docker.name}` }
    : off('Docker Compose is not here', 'install docker-compose');
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
