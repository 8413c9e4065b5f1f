import { copyFile, cp, mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { run } from '../../lab/kubernetes/command.ts';
import { cached } from '../../lab/kubernetes/root-file-systems.ts';
import { ensureTemporalCli } from '../../lab/services/temporal-programs.ts';
import { tell } from './cluster-programs.ts';
import type { TestDaemon } from './docker-daemon.ts';
import { requireProgram } from './registry.ts';

/**
 * No base image can be pulled everywhere. By the names that docker/Dockerfile and docker/compose.yaml have for them, these are Debian from
 * this machine's own source, with Node, PostgreSQL and Temporal; what is built on them, or started from them, is what it always is.
 */
export async function makeStandIns(daemon: TestDaemon, checkout: string, directory: string): Promise<void> {
  tell('making Debian, Node, PostgreSQL and Temporal as images');
  await mkdir(directory);
  await daemon.docker('import', await debianRoot(), debian);
  const names = await namesIn(checkout);
  for (const [kind, contextOf] of Object.entries({ node, postgres, temporal })) {
    const context = join(directory, kind);
    await mkdir(context);
    const dockerfile = await contextOf(context);
    await writeFile(join(context, 'Dockerfile'), [`FROM ${debian}`, ...dockerfile, ''].join('\n'));
    await daemon.docker('build', '--network', 'none', '--tag', names[kind as keyof typeof names], context);
  }
}

const debian = 'stand-in/debian';

/** Kept between runs, where the lab keeps what takes it minutes. */
function debianRoot(): Promise<string> {
  return cached('debian-postgresql-bookworm-1.tar', tell, async (_work, target) => {
    tell('Debian: making its root file system, once: a minute');
    const packages = '--include=libatomic1,libstdc++6,postgresql-15';
    await run('mmdebstrap', ['--variant=minbase', '--mode=root', '--format=tar', packages, 'bookworm', target]);
  });
}

async function namesIn(checkout: string): Promise<Record<'node' | 'postgres' | 'temporal', string>> {
  const dockerfile = await readFile(join(checkout, 'docker/Dockerfile'), 'utf8');
  const compose = await readFile(join(checkout, 'docker/compose.yaml'), 'utf8');
  const { services } = parse(compose, { merge: true }) as { services: Record<string, { image: string }> };
  return {
    node: /^ARG NODE_IMAGE=(\S+)$/m.exec(dockerfile)![1]!,
    postgres: services['postgres']!.image,
    temporal: services['temporal']!.image.replace(/\$\{\w+:-([^}]+)\}/, '$1'),
  };
}

/** The Node that the tests run on, this machine's npm, and the authorities that it trusts besides. */
async function node(context: string): Promise<string[]> {
  await copyFile(process.execPath, join(context, 'node'));
  const npm = dirname(dirname(await realpath(await requireProgram('npm'))));
  await cp(npm, join(context, 'npm'), { recursive: true, dereference: true });
  await copyFile(process.env['NODE_EXTRA_CA_CERTS'] ?? '/dev/null', join(context, 'authorities.pem'));
  return [
    'COPY node /usr/local/bin/node',
    'COPY npm /usr/local/lib/node_modules/npm',
    'COPY authorities.pem /usr/local/share/authorities.pem',
    'ENV NODE_EXTRA_CA_CERTS=/usr/local/share/authorities.pem',
    'RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && useradd --uid 1000 --create-home node',
  ];
}

async function temporal(context: string): Promise<string[]> {
  await copyFile(await ensureTemporalCli(tell), join(context, 'temporal'));
  return ['COPY temporal /usr/local/bin/temporal', 'ENTRYPOINT ["temporal"]'];
}

/** Begins as the official image does: with an empty volume it reads the files that are put before it, on its socket alone, and then serves. */
const entrypoint = `#!/bin/bash
set -euo pipefail
if [ "$(id -u)" = 0 ]; then
  export POSTGRES_PASSWORD="$(<"$POSTGRES_PASSWORD_FILE")"
  mkdir -p "$PGDATA" /run/postgresql
  chown postgres "$PGDATA" /run/postgresql
  chmod 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --clear-groups "$0"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --username=postgres --pwfile=<(printf '%s\\n' "$POSTGRES_PASSWORD") --auth-local=trust --auth-host=scram-sha-256
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
  for file in /docker-entrypoint-initdb.d/*.sql; do
    psql -v ON_ERROR_STOP=1 --username postgres --no-password --file "$file"
  done
  pg_ctl -D "$PGDATA" -m fast -w stop
fi
exec postgres -c listen_addresses='*'
`;

async function postgres(context: string): Promise<string[]> {
  await writeFile(join(context, 'docker-entrypoint.sh'), entrypoint, { mode: 0o755 });
  return [
    'COPY docker-entrypoint.sh /usr/local/bin/docker-entrypoint.sh',
    'ENV PATH=/usr/lib/postgresql/15/bin:$PATH PGDATA=/var/lib/postgresql/data',
    'STOPSIGNAL SIGINT',
    'ENTRYPOINT ["docker-entrypoint.sh"]',
  ];
}
