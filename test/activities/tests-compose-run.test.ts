import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createComposeTests } from '../../activities/tests/compose-tests.ts';
import { anImage } from '../domain/builders.ts';
import { aCacheOwner } from '../support/cache-owner.ts';
import { aProgress } from '../support/progress.ts';
import { eventually } from '../workflows/support/eventually.ts';

/**
 * In place of the docker client and its daemon, which has containers alone: each a file, `project.service`. Before the tests of a service run, and
 * when they are over, a line of this test's is carried out.
 */
const client = (place: string) => `#!/bin/sh
cd ${place}/containers
all=$*
given() { echo "$all" | sed -n "s/.*$1\\([^ ]*\\).*/\\1/p"; }
case "$all" in
compose\\ version*) ;;
compose*config) sed "s|[$]{CORE_IMAGE}|$CORE_IMAGE|g" "$(given '--file ')" ;;
compose*--no-start) for one in $(grep -oE '\\b(tests|db|first|second)\\b' "$(given '--file ')" | sort -u); do touch "$(given '--project-name ').$one"; done ;;
compose*up*) . ${place}/while-they-run ;;
ps*json*project=*) ls | grep "^$(given 'label=com.docker.compose.project=')[.]" | sed 's/\\(.*\\)[.].*/& "\\1"/' ;;
ps*project=*) ls | sed -n "s/^\\($(given 'label=com.docker.compose.project=')\\)[.]\\(.*\\)/\\1.\\2 \\2/p" ;;
ps*) ls | sed 's/\\(.*\\)[.].*/& "\\1"/' ;;
rm*) shift 3; rm -f "$@" ;;
inspect*.Mounts*) echo '[]' ;;
inspect*.State*) cat "$6" && echo '{"Status":"exited","ExitCode":0,"StartedAt":"2026-01-01T00:00:00Z"}' ;;
inspect*) cat "$6" && echo sha256:1 ;;
esac
`;

describe('tests by Docker Compose', () => {
  let place: string;
  const { PATH } = process.env;
  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), 'slipway-compose-run-'));
    for (const name of ['bin', 'containers']) await mkdir(join(place, name));
    await writeFile(join(place, 'bin/docker'), client(place), { mode: 0o755 });
    await whileTheyRun(':');
    process.env['PATH'] = `${join(place, 'bin')}:${PATH}`;
  });
  afterEach(async () => {
    process.env['PATH'] = PATH;
    await rm(place, { recursive: true });
  });

  const whileTheyRun = (script: string) => writeFile(join(place, 'while-they-run'), `${script}\n`);
  const containers = () => readdir(join(place, 'containers'));

  /** One try of the tests of this service, all of one project. */
  async function aTry(
    service = 'tests',
    { others = [] as string[], more = {}, signal = new AbortController().signal } = {},
  ) {
    const directory = await mkdtemp(join(place, 'checkout-'));
    const services = Object.fromEntries(
      [service, ...others].map((name) => [name, { image: '${CORE_IMAGE}', ...(name === service && more) }]),
    );
    await writeFile(join(directory, 'compose.yaml'), JSON.stringify({ services }));
    return createComposeTests().run(
      {
        ...{ directory, composeFile: 'compose.yaml', service, reports: [], images: { core: anImage() } },
        ...{ allowedImages: [], cachesOf: aCacheOwner(), project: 'mine', timeoutMs: 100_000 },
      },
      { ...aProgress(), signal },
    );
  }

  it('leave nothing behind', async () => {
    expect(await aTry('tests', { others: ['db'] })).toMatchObject({ passed: true });
    expect(await containers()).toEqual([]);
  });

  it('are not disturbed by the end of a try before them, which hears late that it is over', async () => {
    execFileSync('sh', ['-c', 'mkfifo go never'], { cwd: place });
    await whileTheyRun(
      'case "$all" in *first) read never < ../never ;; *) touch ../second-runs; read go < ../go ;; esac',
    );
    const over = new AbortController();
    const first = aTry('first', { signal: over.signal }).catch(() => 'over');
    await eventually('the first to have its container', async () => (await containers()).length > 0);
    const second = aTry('second');
    await eventually('the second to run', async () => (await readdir(place)).includes('second-runs'));
    over.abort();
    expect(await first).toBe('over');
    expect(await containers()).toEqual([expect.stringMatching(/^mine-.*\.second$/)]);
    await writeFile(join(place, 'go'), 'go\n');
    expect(await second).toMatchObject({ passed: true });
    expect(await containers()).toEqual([]);
  });

  it.each([
    ['those of the tests', 'rm *.tests'],
    ['those of another service, for want of which they may have failed', 'rm *.db'],
    ['all', 'rm *'],
  ])('are not charged with containers that somebody has taken away: %s', async (_which, script) => {
    await whileTheyRun(script);
    await expect(aTry('tests', { others: ['db'] })).rejects.toMatchObject({
      details: { code: 'SLIP-TEST-2', kind: 'retryable', detail: expect.stringContaining('is gone') },
    });
  });

  it.each([{ scale: 0 }, { deploy: { replicas: 0 } }, { profiles: ['by-hand'] }])(
    'are told that their own file makes no container for them: %j',
    async (more) => {
      await expect(aTry('tests', { more })).rejects.toMatchObject({
        details: { code: 'SLIP-TEST-3', detail: expect.stringContaining('the service tests has no container') },
      });
    },
  );
});
