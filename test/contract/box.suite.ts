import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, statfs, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Box, BoxCommand, BoxResult } from '../../activities/box/port.ts';
import { removeTree } from '../../activities/shared/remove-tree.ts';
import { aProgress } from '../support/progress.ts';
import { until } from '../support/world-until.ts';

export interface BoxOptions {
  resolve?: (host: string) => Promise<string[]>;
  reserve?: { bytes: number; entries: number };
  countMs?: number;
}

/** What every box must keep in, whatever is tried. */
export function describeBox(name: string, makeBox: (options: BoxOptions) => Box, file: string): void {
  describe(`Box: ${name}`, () => {
    jest.setTimeout(240_000);
    let place: string;
    let out: string;
    const started: ChildProcess[] = [];
    const servers: Server[] = [];

    beforeEach(async () => {
      place = await mkdtemp(join(tmpdir(), 'slipway-box-test-'));
      out = join(place, 'out');
      await mkdir(out);
    });
    afterEach(async () => {
      for (const child of started.splice(0)) child.kill('SIGKILL');
      for (const server of servers.splice(0)) server.close();
      await removeTree(place);
    });

    const aCommand = (script: string, changes: Partial<BoxCommand> = {}): BoxCommand => ({
      program: 'sh',
      args: ['-c', script],
      directories: [{ from: out, at: '/out', writable: true }],
      network: 'none',
      limits: { timeoutMs: 120_000, memoryBytes: 512e6, processes: 128, cpus: 2, diskBytes: 64e6 },
      ...changes,
    });
    const limited = (changes: Partial<BoxCommand['limits']>) => ({ limits: { ...aCommand('').limits, ...changes } });
    const run = async (script: string, changes?: Partial<BoxCommand>, options: BoxOptions = {}) => {
      const progress = aProgress();
      const result = await makeBox(options).run(aCommand(script, changes), progress);
      return { ...result, said: saidBy(result), lines: progress.lines.join('\n') };
    };
    /** A program of this machine, alive until the test ends, that nobody else runs. */
    const aNeighbour = async (): Promise<{ pid: number; mark: string; lives(): boolean }> => {
      const mark = aMark();
      const child = spawn('sleep', [mark]);
      started.push(child);
      await once(child, 'spawn');
      return { pid: child.pid!, mark, lives: () => child.exitCode === null && child.signalCode === null };
    };
    /** A server of this machine on every address it has, that knows who came. */
    const aServer = async (host: string): Promise<{ port: number; visits: () => number }> => {
      let visits = 0;
      const server = createServer((socket) => {
        visits += 1;
        socket.on('error', () => {});
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello');
      });
      servers.push(server.listen(0, host));
      await once(server, 'listening');
      return { port: (server.address() as AddressInfo).port, visits: () => visits };
    };

    it.each([{}, { asRoot: true as const }])('answers output and exit code of the command (%o)', async (kind) => {
      const result = await run('echo "$GIVEN" from "$(id -u)"; exit 7', { env: { GIVEN: 'a b$(x)' }, ...kind });
      expect(result).toMatchObject({ exitCode: 7, timedOut: false });
      expect(result.said).toBe(`a b$(x) from ${'asRoot' in kind ? 0 : 1000}`);
    });

    it('says that a program is not there', async () => {
      expect(await run('', { program: 'no-such-program' })).toMatchObject({ exitCode: 127 });
    });

    it('says when the command was ended by a signal', async () => {
      expect((await run('kill -9 $$')).exitCode).toBeUndefined();
    });

    it('shows a directory of the worker alone, and takes nothing from it', async () => {
      const tree = join(place, 'tree');
      await mkdir(join(tree, 'deep'), { recursive: true });
      await writeFile(join(tree, 'deep', 'file'), 'content');
      await writeFile(join(tree, '.hidden'), 'too');
      await chmod(tree, 0o700);
      const directories = [{ from: tree, at: '/tree' }];
      expect((await run('cat /tree/deep/file /tree/.hidden', { directories })).said).toBe('contenttoo');
    });

    it('gives back what was written, as the worker’s own', async () => {
      await run('mkdir /out/deep && echo made > /out/deep/file && chmod 000 /out/deep');
      expect(await readFile(join(out, 'deep', 'file'), 'utf8')).toBe('made\n');
      expect((await lstat(join(out, 'deep', 'file'))).uid).toBe(process.getuid!());
    });

    it.each([{}, { asRoot: true as const }])('reads no file of this machine (%o)', async (kind) => {
      await writeFile(join(place, 'secret'), 'hunter22');
      await chmod(place, 0o755);
      const result = await run(`cat ${place}/secret /etc/shadow; ls -a /root /home /old /out/..; ls /sys`, kind);
      expect(result.said).not.toMatch(/hunter22|root:[*!$]/);
      expect(result.said).toMatch(/\/root.*No such file/);
    });

    it.each([{}, { asRoot: true as const }])('sees no process of this machine (%o)', async (kind) => {
      const neighbour = await aNeighbour();
      const result = await run(
        'for p in /proc/[0-9]*; do tr "\\0" " " < $p/cmdline; done; echo; echo "there are $(ls -d /proc/[0-9]* | wc -l)"',
        kind,
      );
      expect(result.said).toContain('/.box/node');
      expect(result.said).not.toContain(neighbour.mark);
      expect(Number(/there are (\d+)/.exec(result.said)?.[1])).toBeLessThan(12);
    });

    it.each([{}, { asRoot: true as const }])(
      'ends no process of this machine, nor those that keep it (%o)',
      async (kind) => {
        const neighbour = await aNeighbour();
        const result = await run(
          `kill -9 ${neighbour.pid}; kill -9 1; for p in $(seq 2 80); do [ $p = $$ ] || kill -9 $p 2>/dev/null; done; kill -STOP 1; echo still here`,
          kind,
        );
        expect(result).toMatchObject({ exitCode: 0 });
        expect(result.said).toContain('still here');
        expect(neighbour.lives()).toBe(true);
      },
    );

    const tryAll = (targets: string[]) => `/.box/node -e '
      const net = require("node:net"), http = require("node:http");
      const direct = ([host, port]) => new Promise((done) => net.connect(port, host).on("connect", () => done("IN")).on("error", (e) => done(e.code)));
      const byDoor = (method) => ([host, port]) => new Promise((done) => {
        const name = host.includes(":") ? "[" + host + "]" : host;
        const path = method === "CONNECT" ? name + ":" + port : "http://" + name + ":" + port + "/";
        const asked = http.request({ host: "127.0.0.1", port: 3128, method, path });
        asked.on("connect", (r) => done(r.statusCode)).on("response", (r) => { r.resume(); done(r.statusCode); }).on("error", (e) => done(e.code)).end();
      });
      (async () => {
        for (const target of ${JSON.stringify(targets.map((target) => [target.slice(0, target.lastIndexOf(' ')), Number(target.split(' ').at(-1))]))})
          console.log(target.join(" "), await direct(target), await byDoor("GET")(target), await byDoor("CONNECT")(target));
        process.exit(0);
      })();'`;

    it.each(['none', 'outside'] as const)(
      'reaches no port of this machine, by whatever address (%s)',
      async (network) => {
        const server = await aServer('::');
        const addresses = Object.values(networkInterfaces()).flatMap((all) => all!.map(({ address }) => address));
        const names = [
          '127.0.0.1',
          '127.9.9.9',
          '::1',
          '::ffff:127.0.0.1',
          'localhost',
          '0.0.0.0',
          '0x7f000001',
          '2130706433',
          ...addresses,
        ];
        const result = await run(tryAll(names.map((host) => `${host} ${server.port}`)), { network });
        expect(result.said.split('\n')).toHaveLength(names.length);
        expect(result.said).not.toMatch(/ IN | 200/);
        expect(server.visits()).toBe(0);
      },
    );

    it('reaches no socket of this machine that has a name instead of a port', async () => {
      const server = createServer((socket) => socket.end('hello'));
      const abstract = `\0slipway-${randomUUID()}`;
      servers.push(server.listen(abstract));
      await once(server, 'listening');
      const result = await run(
        `/.box/node -e 'require("node:net").connect({ path: "\\0${abstract.slice(1)}" }).on("connect", () => console.log("IN")).on("error", (e) => console.log(e.code))'`,
      );
      expect(result.said).toBe('ECONNREFUSED');
    });

    it('reaches no address where a cloud tells secrets, and none of a private network', async () => {
      const hosts = [
        '169.254.169.254',
        'fd00:ec2::254',
        '10.0.0.1',
        '192.168.0.1',
        '172.16.0.1',
        '100.100.100.200',
        '::ffff:169.254.169.254',
        '64:ff9b::a9fe:a9fe',
        '224.0.0.1',
        '255.255.255.255',
      ];
      const result = await run(tryAll(hosts.map((host) => `${host} 80`)), { network: 'outside' });
      expect(result.said.split('\n')).toEqual(
        hosts.map((host) => expect.stringMatching(new RegExp(`^${host.replaceAll('.', '\\.')} 80 E\\w+ 403 403$`))),
      );
    });

    it('reaches nothing inside by a name that leads there, even beside an address outside', async () => {
      const server = await aServer('127.0.0.1');
      const asked: string[] = [];
      const resolve = async (host: string) => (
        asked.push(host),
        host === 'both.test' ? ['192.0.2.1', '127.0.0.1'] : ['127.0.0.1']
      );
      const result = await run(
        tryAll([`inside.test 80`, `both.test 443`, `inside.test ${server.port}`]),
        { network: 'outside' },
        { resolve },
      );
      expect(result.said.match(/ 403 403/g)).toHaveLength(3);
      expect(asked.length).toBeGreaterThan(0);
      expect(result.lines).toMatch(/door: both\.test:443 refused: it is not on the public network/);
      expect(server.visits()).toBe(0);
    });

    it('goes to the very address that was judged, by resolving each name once', async () => {
      const server = await aServer('127.0.0.1');
      let looks = 0;
      const resolve = async () => (looks++ === 0 ? ['192.0.2.1'] : ['127.0.0.1']);
      const script = `/.box/node -e 'require("node:http").request({ host: "127.0.0.1", port: 3128, method: "CONNECT", path: "turning.test:443" }).on("error", () => {}).end(); setTimeout(() => process.exit(0), 500)'`;
      await run(script, { network: 'outside' }, { resolve });
      expect(looks).toBe(1);
      expect(server.visits()).toBe(0);
    });

    it('reaches a registry inside that the operator has named, and no other port there', async () => {
      const [registry, other] = [await aServer('127.0.0.1'), await aServer('127.0.0.1')];
      const insideHosts = [`127.0.0.1:${registry.port}`];
      const result = await run(tryAll([`127.0.0.1 ${registry.port}`, `127.0.0.1 ${other.port}`]), {
        network: 'outside',
        insideHosts,
      });
      expect(result.said).toMatch(new RegExp(`${registry.port} ECONNREFUSED 200 200`));
      expect(result.said).toMatch(new RegExp(`${other.port} ECONNREFUSED 403 403`));
      expect(other.visits()).toBe(0);
      expect(result.lines).toContain(`door: 127.0.0.1:${registry.port}`);
    });

    it('keeps a command that forks without end to its number of processes', async () => {
      const result = await run(
        'i=0; while [ $i -lt 400 ]; do sleep 300 & i=$((i+1)); done; echo made all',
        limited({ processes: 40 }),
      );
      expect(result.said).toMatch(/fork/i);
      expect(result.said).not.toContain('made all');
    });

    it('keeps a command that fills the memory to its bound', async () => {
      const result = await run(`perl -e '$x = "a" x 2_000_000_000; print "had it"'`, limited({ memoryBytes: 128e6 }));
      expect(result.said).not.toContain('had it');
      expect(result).toMatchObject({ bound: 'more than 128000000 bytes of memory' });
    });

    it('counts files in memory as memory', async () => {
      const result = await run(
        'head -c 2000000000 /dev/zero > /tmp/a; head -c 2000000000 /dev/zero > /dev/shm/b; echo $?',
        limited({ memoryBytes: 128e6, diskBytes: 32e6 }),
      );
      expect(result.said).toMatch(/No space left|File size limit/);
    });

    it('keeps a command that fills the disk to its bound, by one file or by many', async () => {
      const one = await run('head -c 2000000000 /dev/zero > /out/one; ls -l /out/one', limited({ diskBytes: 16e6 }));
      expect((await lstat(join(out, 'one'))).size).toBeLessThanOrEqual(16e6);
      expect(one.said).not.toContain('2000000000');
      const many = await run(
        'i=0; while :; do head -c 1000000 /dev/zero > /out/$i; i=$((i+1)); sleep 0.01; done',
        limited({ diskBytes: 32e6 }),
      );
      expect(many).toMatchObject({ bound: 'more than 32000000 bytes on the disk' });
    });

    it.each([
      [
        'whose names are gone',
        'i=3; while [ $i -lt 9 ]; do eval "exec $i>/out/f"; rm /out/f; head -c 8000000 /dev/zero >&$i; i=$((i+1)); done; sleep 60',
      ],
      [
        'that are deeper than a path can be long',
        'cd /out; n=$(printf %0200d 0); i=0; while [ $i -lt 30 ]; do mkdir $n && cd -P $n || break; i=$((i+1)); done; sleep 60',
      ],
    ])('counts files %s', async (_what, script) => {
      const result = await run(script, limited({ diskBytes: 16e6 }));
      expect(result).toMatchObject({ bound: 'more than 16000000 bytes on the disk' });
    });

    it.each([
      ['empty files', 'for (1..10_000) { open F, ">", "/out/$_" }'],
      ['names of one file', 'open F, ">", "/out/f"; for (1..10_000) { link "/out/f", "/out/$_" }'],
    ])('counts %s as what they take of the disk', async (_what, made) => {
      const result = await run(`perl -e '${made} sleep 60'`, limited({ diskBytes: 16e6 }));
      expect(result).toMatchObject({ bound: 'more than 16000000 bytes on the disk' });
    });

    it('does not let a command go on that makes more files than can be counted', async () => {
      const makes = `perl -e 'for (1..20_000) { open F, ">", "/out/$_" } sleep 60'`;
      const result = await run(makes, limited({ diskBytes: 1e9 }), { countMs: 20 });
      expect(result).toMatchObject({ bound: 'more files than can be counted in 0.02 s' });
    });

    it('leaves others their part of the disk, also when nobody can find what takes it', async () => {
      const { bavail, bsize } = await statfs(out);
      const reserve = { bytes: bavail * bsize - 200e6, entries: 0 };
      // Without a name, and mapped instead of open: no program tells how much it is.
      const hides = `perl -e 'for (1..50) { open F, "+>", "/out/f"; unlink "/out/f"; syswrite F, "x" x 10_000_000; syscall(9, 0, 4096, 1, 1, fileno F, 0); close F } sleep 60'`;
      expect(await run(hides, {}, { reserve })).toMatchObject({
        bound: expect.stringContaining('no space left on device but what is kept for others'),
      });
    });

    it('leaves others their part of the files that a disk can have', async () => {
      const reserve = { bytes: 0, entries: Number.MAX_SAFE_INTEGER };
      expect(await run('sleep 60', {}, { reserve })).toMatchObject({
        bound: expect.stringContaining('kept for others'),
      });
    });

    it('ends what runs past its time, also when it listens to no signal', async () => {
      const mark = aMark();
      const script = `trap '' TERM INT HUP; setsid sleep ${mark} & while :; do sleep 0.1; done`;
      const result = await run(script, limited({ timeoutMs: 3_000 }));
      expect(result).toMatchObject({ timedOut: true, exitCode: undefined, bound: 'more than 3 s' });
      expect(await processesWith(mark)).toEqual([]);
    });

    it('leaves no process behind when the command ends', async () => {
      const mark = aMark();
      const result = await run(
        `setsid nohup sleep ${mark} >/dev/null 2>&1 & (setsid sleep ${mark} &) ; sleep 0.2; echo done`,
      );
      expect(result.said).toBe('done');
      expect(await processesWith(mark)).toEqual([]);
    });

    it('leaves no process behind when it is cancelled, and says so by its reason', async () => {
      const mark = aMark();
      const stop = new AbortController();
      const progress = { signal: stop.signal, report: () => stop.abort(new Error('stopped by the test')) };
      const running = makeBox({}).run(aCommand(`setsid sleep ${mark} & echo begun; sleep ${mark}`), progress);
      await expect(running).rejects.toThrow('stopped by the test');
      expect(await processesWith(mark)).toEqual([]);
    });

    it('leaves no process behind when the worker is killed', async () => {
      const mark = aMark();
      const command = aCommand(`setsid sleep ${mark} & sleep ${mark}`);
      const worker = spawn(process.execPath, ['--input-type=module', '-e', workerText(file, command)], {
        stdio: 'ignore',
      });
      started.push(worker);
      await until('what the worker started', async () => (await processesWith(mark)).length >= 2);
      worker.kill('SIGKILL');
      await until('its end', async () => (await processesWith(mark)).length === 0);
    });

    it.each([{}, { asRoot: true as const }])('writes nowhere but in its own directories (%o)', async (kind) => {
      await writeFile(join(place, 'given'), 'as it was');
      await chmod(join(place, 'given'), 0o666);
      const directories = [{ from: join(place, 'given'), at: '/given' }];
      const result = await run(
        'for f in /x /usr/x /usr/bin/x /etc/x /given /proc/sys/kernel/core_pattern /proc/sys/user/max_user_namespaces /.box/x /.box/keep/x /sys/x /dev/x; do ( echo over > $f ) 2>/dev/null && echo "wrote $f"; done; true',
        { directories, ...kind },
      );
      expect(result.said).toBe('');
      expect(await readFile(join(place, 'given'), 'utf8')).toBe('as it was');
    });

    it('follows no link out, neither one that was there nor one that it makes', async () => {
      const tree = join(place, 'tree');
      await mkdir(tree, { mode: 0o700 });
      await writeFile(join(place, 'secret'), 'hunter22', { mode: 0o644 });
      await symlink(join(place, 'secret'), join(tree, 'link'));
      await symlink(place, join(tree, 'way'));
      const directories = [{ from: tree, at: '/tree' }, ...aCommand('').directories];
      const result = await run(
        `cat /tree/link /tree/way/secret; ln -s ${place}/secret /out/mine; ln -s / /out/root; cat /out/mine; echo over > /out/mine`,
        { directories },
      );
      expect(result.said).not.toContain('hunter22');
      expect(await readFile(join(place, 'secret'), 'utf8')).toBe('hunter22');
      expect((await lstat(join(place, 'secret'))).mode & 0o777).toBe(0o644);
    });

    it('changes no mount, not even as its own root', async () => {
      const script =
        'mount -o remount,bind,rw /usr && echo A; mount -o remount,rw / && echo B; umount /usr && echo C; unshare -m sh -c "mount -o remount,bind,rw /usr || umount /usr || mount -o remount,bind,rw /proc/sys || umount /proc/sys || umount /.box/keep" && echo C; umount /proc/sys && echo D; umount /.box/keep && echo E; mount -o remount,bind,rw,suid /out && echo F; mount -t cgroup -o memory x /tmp && echo G; mount -t sysfs x /sys && echo H; mount /dev/vda /tmp && echo I; true';
      for (const kind of [{}, { asRoot: true as const }])
        expect((await run(script, kind)).said).not.toMatch(/^[A-I]$/m);
    });

    it.each([{}, { asRoot: true as const }])('looks into no process that keeps it (%o)', async (kind) => {
      const script = `perl -e 'for my $p (1..80) { next if $p == $$ or !-d "/proc/$p" or (stat "/proc/$p")[4] == $>; print "attached $p\\n" if syscall(101, 16, $p, 0, 0) == 0 }
        for (glob "/proc/[0-9]*/{mem,environ,root,cwd}") { my ($p) = /(\\d+)/; next if (stat "/proc/$p")[4] == $>; print "opened $_\\n" if open(F, $_) or readlink $_ }'
        nsenter -t 1 -m true && echo entered; nsenter -t 1 -U true && echo entered; true`;
      expect((await run(script, kind)).said).not.toMatch(/attached|opened|entered/);
    });

    it.each([{}, { asRoot: true as const }])('gets no more by a user namespace of its own (%o)', async (kind) => {
      const result = await run(
        'unshare -Ur id; unshare -U id; unshare -Urm mount -t tmpfs x /tmp && echo mounted',
        kind,
      );
      expect(result.said).not.toMatch(/uid=|mounted/);
    });

    it.each([{}, { asRoot: true as const }])('reads nothing of the worker’s environment (%o)', async (kind) => {
      process.env['SLIPWAY_TEST_SECRET'] = 'hunter22';
      try {
        const result = await run('env; for p in /proc/[0-9]*/environ; do tr "\\0" "\\n" < $p; done', kind);
        expect(result.said).toContain('LC_ALL=C.UTF-8');
        expect(result.said).not.toMatch(/hunter22|SLIPWAY|TEMPORAL|DOCKER|NODE_OPTIONS/);
      } finally {
        delete process.env['SLIPWAY_TEST_SECRET'];
      }
    });

    it('leaves no file that would act as somebody else outside, and no device', async () => {
      const result = await run(
        'cp /bin/sh /out/sh && chmod 6777 /out/sh && mkdir /out/d && chmod 7777 /out/d; mknod /out/null c 1 3 && echo device; mknod /out/disk b 254 0 && echo device; true',
        { asRoot: true },
      );
      expect(result.said).not.toContain('device');
      for (const path of ['sh', 'd']) expect((await lstat(join(out, path))).mode & 0o6000).toBe(0);
      expect(await readdir(out)).toEqual(['d', 'sh']);
    });

    it('gains nothing from programs that act as somebody else inside', async () => {
      const result = await run('su -c id root </dev/null; cat /proc/self/status');
      expect(result.said).not.toContain('uid=0');
      expect(result.said).toMatch(/NoNewPrivs:\s+1/);
      expect(result.said).toMatch(/CapBnd:\s+0{16}/);
    });

    it('is nobody of this machine, as its own root too', async () => {
      const script = 'id -u; cat /proc/self/uid_map';
      const [id, map] = (await run(script, { asRoot: true })).said.split('\n');
      expect(id).toBe('0');
      expect(map!.trim().split(/\s+/)[1]).not.toBe('0');
    });

    it('runs two at once that do not see each other', async () => {
      const mark = aMark();
      const other = join(place, 'other');
      await mkdir(other);
      const waits = 'touch /out/firstwasin; while [ ! -e /out/go ]; do sleep 0.05; done';
      const first = makeBox({}).run(aCommand(`sleep ${mark} & ${waits}`), aProgress());
      await until('the first box', async () => (await readdir(out)).includes('firstwasin'));
      const directories = [{ from: other, at: '/out', writable: true as const }];
      const second = await run('for p in /proc/[0-9]*/cmdline; do tr "\\0" " " < $p; done; kill -9 -1; ls /out', {
        directories,
      });
      expect(second.said).not.toMatch(new RegExp(`${mark}|firstwasin`));
      await writeFile(join(out, 'go'), '');
      expect(await first).toMatchObject({ exitCode: 0 });
    });

    it('leaves nothing of its own on the disk', async () => {
      const before = (await readdir(tmpdir())).filter((entry) => entry.startsWith('slipway-box-'));
      await run('echo');
      const after = (await readdir(tmpdir())).filter((entry) => entry.startsWith('slipway-box-'));
      expect(after.filter((entry) => !before.includes(entry))).toEqual([]);
    });
  });
}

const saidBy = (result: BoxResult) => result.tail.trim();

/** Seconds that nobody else sleeps. */
const aMark = () => `9${randomInt(10_000_000, 99_999_999)}.5`;

async function processesWith(mark: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.startsWith('sleep\0') && line.includes(mark)) found.push(pid);
  }
  return found;
}

/** A worker that does nothing but run one command in a box. */
function workerText(file: string, command: BoxCommand): string {
  return `import { createNamespacesBox } from ${JSON.stringify(file)};
    await createNamespacesBox().run(${JSON.stringify(command)}, { report() {}, signal: new AbortController().signal });`;
}
