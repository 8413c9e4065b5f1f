import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../activities/shared/run-command.ts';
import { resolveSecret } from '../../activities/shared/secrets.ts';
import { aProgress } from '../support/progress.ts';

const node = process.execPath;
const script = (text: string) => ({ program: node, args: ['-e', text] });

describe('runCommand', () => {
  afterEach(() => void delete process.env['SLIPWAY_TEST_SECRET']);

  it('answers a bad exit code instead of throwing', async () => {
    const result = await runCommand(script('console.log("out"); console.error("err"); process.exitCode = 3'));
    expect(result).toMatchObject({ exitCode: 3, timedOut: false, truncated: false });
    expect(result.stdout.toString()).toBe('out\n');
    expect(result.tail.split('\n').sort()).toEqual(['err', 'out']);
  });

  it('says that a program is not there', async () => {
    expect((await runCommand({ program: 'slipway-no-such-program', args: [] })).notStarted).toMatch(/not on PATH/);
  });

  it('passes nothing of the environment of the worker but PATH, HOME and what is given', async () => {
    process.env['SLIPWAY_TEST_SECRET'] = 'hunter22';
    const result = await runCommand({
      ...script('console.log(JSON.stringify(Object.keys(process.env)))'),
      env: { GIVEN: '1' },
    });
    const ofGit = ['COUNT', 'GLOBAL', 'KEY_0', 'NOSYSTEM', 'VALUE_0'].map((name) => `GIT_CONFIG_${name}`);
    const names = (JSON.parse(result.stdout.toString()) as string[]).sort();
    expect(names).toEqual([...ofGit, 'GIT_DIR', 'GIVEN', 'HOME', 'LC_ALL', 'PATH']);
  });

  it('takes arguments as they are', async () => {
    const odd = ['$(touch x)', '; ls', '"', "'", '*', 'a b', ''];
    const result = await runCommand({
      program: node,
      args: ['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--', ...odd],
    });
    expect(JSON.parse(result.stdout.toString())).toEqual(odd);
  });

  it('closes the input, or gives it what is to be read', async () => {
    const echo = script('process.stdin.pipe(process.stdout)');
    expect((await runCommand(echo)).stdout.toString()).toBe('');
    expect((await runCommand({ ...echo, input: 'hello' })).stdout.toString()).toBe('hello');
  });

  it('tells whole lines while they come, without the secrets in them', async () => {
    const progress = aProgress();
    await runCommand({
      ...script(
        'process.stdout.write("a"); setTimeout(() => console.log("b\\nAuthorization: Bearer abcdefghijklmnopqrst\\nü"), 30)',
      ),
      progress,
    });
    expect(progress.lines).toEqual(['ab', 'Authorization: Bearer [redacted]', 'ü']);
  });

  it('tells a flood of lines in a few, the last among them, and keeps the end of it all', async () => {
    const { lines, signal, report } = aProgress();
    const count = 100_000;
    const flood = script(
      `let text = ''; for (let n = 1; n <= ${count}; n++) text += 'line ' + n + '\\n'; console.log(text)`,
    );
    const { tail } = await runCommand({ ...flood, progress: { signal, report } });
    expect(lines.at(-1)).toBe(`line ${count}`);
    expect(lines.length).toBeLessThan(count / 100);
    const kept = tail.split('\n');
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, n) => `line ${count - kept.length + 1 + n}`));
    expect(tail.length).toBeGreaterThan(16_000);
    const all = aProgress();
    await runCommand({ ...flood, progress: all });
    expect(all.lines).toHaveLength(count);
  });

  it('cuts a long line without leaving half a password, and takes out what the worker knows in any form', async () => {
    process.env['SLIPWAY_TEST_SECRET'] = 'correct horse battery';
    await resolveSecret('env:SLIPWAY_TEST_SECRET');
    const lines = [
      `${'x'.repeat(470)} postgres://shop:${'hunter22'.repeat(8)}@db/shop`,
      Buffer.from('user:correct horse battery').toString('base64'),
    ];
    const result = await runCommand({ program: 'cat', args: [], input: lines.join('\n') });
    expect(result.tail.split('\n')).toEqual([`${'x'.repeat(470)} postgres://shop:[redacted]@db`, 'dXNlcjp[redacted]']);
  });

  describe('when a command prints a private key', () => {
    const body = (lines: number) => Array.from({ length: lines }, (_, n) => `hunter22${n}${'A'.repeat(50)}`).join('\n');
    const aKey = (lines = 5) => `-----BEGIN RSA PRIVATE KEY-----\n${body(lines)}\n-----END RSA PRIVATE KEY-----`;
    const manyLines = 'x'.repeat(59).concat('\n').repeat(400);

    it.each([
      ['in lines of its own', `before\n${aKey()}\nafter`, ['before', '[private key]', 'after']],
      ['behind the name of a container', aKey().replaceAll(/^/gm, 'core | '), ['core | [private key]']],
      ['on one line', `{"key": "${aKey(40).replaceAll('\n', '\\n')}"}`, ['{"key": "[private key]"}']],
      ['twice', `${aKey()} ${aKey()}\nafter`, ['[private key]', ' [private key]', 'after']],
      ['and is stopped half way', aKey().slice(0, -60), ['[private key]']],
    ])('tells nothing of it while it comes, %s', async (_how, text, expected) => {
      const progress = aProgress();
      const result = await runCommand({ program: 'cat', args: [], input: text, progress });
      expect(progress.lines).toEqual(expected);
      expect(result.tail).toBe(expected.join('\n'));
    });

    it.each([
      ['begins before what is kept', `${manyLines}${aKey(400)}\nlast words`],
      ['ends after what is kept', `${manyLines}first words\n${aKey(400).replace(/-----END.*/, '')}`],
    ])('keeps nothing of one that %s', async (_where, text) => {
      const result = await runCommand({ program: 'cat', args: [], input: text });
      expect(result.tail).toMatch(/(last|first) words/);
      expect(result.tail).not.toContain('hunter22');
    });

    it('knows it when it comes in pieces', async () => {
      const progress = aProgress();
      const pieces = aKey(30).match(/[^]{1,20}/g)!;
      const slowly = `const pieces = ${JSON.stringify(pieces)}; const next = () => { const piece = pieces.shift(); if (piece) process.stdout.write(piece, () => setImmediate(next)); }; next()`;
      await runCommand({ ...script(slowly), progress });
      expect(progress.lines).toEqual(['[private key]']);
    });
  });

  it('keeps the beginning for programs and the end for people, and no more than that', async () => {
    const result = await runCommand({
      ...script('for (let n = 0; n < 20000; n++) console.log("line " + n)'),
      maxOutputBytes: 100,
    });
    expect(result).toMatchObject({ truncated: true });
    expect(result.stdout).toHaveLength(100);
    expect(result.tail).toMatch(/line 19999$/);
    expect(result.tail.length).toBeLessThanOrEqual(16_384);
  });

  it('keeps bytes as they come, and tells nobody lines of them', async () => {
    const progress = aProgress();
    const printing = 'process.stdout.write(Buffer.from([0, 10, 255, 13, 10])); console.error("a word")';
    const result = await runCommand({ ...script(printing), progress, outputIsBytes: true });
    expect([[...result.stdout], progress.lines, result.tail]).toEqual([[0, 10, 255, 13, 10], ['a word'], 'a word']);
  });

  /** Runs it with more and more time until its child has had enough to say which process it is: a machine with other work starts slowly. */
  async function endedByItsTime(script: Parameters<typeof runCommand>[0], pidFile: string) {
    for (let timeoutMs = 500; ; timeoutMs *= 2) {
      const result = await runCommand({ ...script, timeoutMs });
      const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
      if (pid > 0) return { result, pid };
    }
  }
  const writesPid = (file: string) =>
    `const fs = require('fs'); fs.writeFileSync(${JSON.stringify(`${file}.new`)}, String(process.pid)); fs.renameSync(${JSON.stringify(`${file}.new`)}, ${JSON.stringify(file)}); setTimeout(() => {}, 600_000)`;

  it('ends a command that takes too long, with everything it started', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'slipway-run-'));
    const file = join(directory, 'pid');
    const parent = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(writesPid(file))}], { stdio: 'inherit' }); setInterval(() => {}, 1000)`;
    const { result, pid } = await endedByItsTime(script(parent), file);
    expect(result.timedOut).toBe(true);
    const state = (await runCommand({ program: 'ps', args: ['-o', 'stat=', '-p', String(pid)] })).stdout.toString();
    expect(state).toMatch(/^(Z.*)?\s*$/); // gone, or dead and not yet collected
    await rm(directory, { recursive: true });
  });

  it('kills a command that does not listen to SIGTERM when it is cancelled, and throws the reason', async () => {
    const stop = new AbortController();
    const progress = { report: () => stop.abort(new Error('stopped by the test')), signal: stop.signal };
    const deaf = script('process.on("SIGTERM", () => {}); console.log("begun"); setInterval(() => {}, 1000)');
    await expect(runCommand({ ...deaf, progress, graceMs: 200 })).rejects.toThrow('stopped by the test');
  });

  it('does not wait for something that left the group of a command it has ended', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'slipway-run-'));
    const file = join(directory, 'pid');
    const escape = `const child = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(writesPid(file))}], { detached: true, stdio: 'inherit' }); child.unref(); setInterval(() => {}, 1000)`;
    const { result, pid } = await endedByItsTime({ ...script(escape), graceMs: 200 }, file);
    expect(result.timedOut).toBe(true);
    process.kill(pid, 'SIGKILL'); // throws if it was gone: it would still hold the output open
    await rm(directory, { recursive: true });
  });

  it('does not start what is cancelled already', async () => {
    const progress = aProgress(AbortSignal.abort(new Error('stopped by the test')));
    await expect(runCommand({ ...script('0'), progress })).rejects.toThrow('stopped by the test');
  });
});

describe('resolveSecret', () => {
  it('reads variables and files, anew each time', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'slipway-secret-'));
    await writeFile(join(directory, 's'), 'one\n');
    expect(await resolveSecret(`file:${directory}/s`)).toBe('one');
    await writeFile(join(directory, 's'), 'two');
    expect(await resolveSecret(`file:${directory}/s`)).toBe('two');
    process.env['SLIPWAY_TEST_SECRET'] = 'three';
    expect(await resolveSecret('env:SLIPWAY_TEST_SECRET')).toBe('three');
    delete process.env['SLIPWAY_TEST_SECRET'];
    await rm(directory, { recursive: true });
  });

  it.each([
    ['env:SLIPWAY_NOT_SET', /not set/],
    ['file:/none/at/all', /ENOENT/],
    ['file:relative', /absolute/],
    ['aws-sm:shop/db', /not supported yet/],
  ])('says why %s cannot be resolved', async (reference, why) => {
    await expect(resolveSecret(reference)).rejects.toThrow(why);
  });

  it('does not show a secret that was written where a reference belongs', async () => {
    await expect(resolveSecret('hunter22')).rejects.not.toThrow(/hunter22/);
  });
});
