import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFile, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policyOnDisk } from '../../workers/policy-on-disk.ts';
import { changed, policyText } from '../pipeline/texts.ts';

const strict = changed(policyText, 'quorum: 2', 'quorum: 3');
const typo = changed(policyText, 'testsRequired: true', 'testRequired: true');

describe('the policy that is in force', () => {
  let directory: string;
  let file: string;
  let copies: string;
  let told: string[];
  let clock: number;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-policy-'));
    file = join(directory, 'policy.yaml');
    copies = join(directory, 'cache');
    told = [];
    clock = Date.UTC(2026, 0, 1);
  });
  afterEach(() => rm(directory, { recursive: true }));

  /** As a process begins. */
  const begin = (changes: Parameters<typeof policyOnDisk>[1] = {}) =>
    policyOnDisk(file, {
      copyDirectory: copies,
      settleMs: 0,
      report: (line) => void told.push(line),
      now: () => clock,
      ...changes,
    });
  const quorumOf = async (policy: ReturnType<typeof begin>) =>
    (await policy.read()).content.environments['production']!.approval.quorum;

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'has a typo',
      () => writeFile(file, typo),
      'policy.yaml:24:5  unknown key `testRequired`: did you mean `testsRequired`?',
    ],
    ['is half written', () => writeFile(file, policyText.slice(0, 900)), 'policy.yaml:'],
    ['is empty', () => writeFile(file, ''), 'policy.yaml:1:1  the file is empty'],
    [
      'is not text',
      () => writeFile(file, Buffer.from([0xff, 0xfe, 0x00])),
      'policy.yaml:1:1  the file is not UTF-8 text',
    ],
    ['is gone', () => rm(file), 'policy.yaml:1:1  the file cannot be read: ENOENT'],
  ])('is the last valid one while the file %s, and everybody is told', async (_what, breakIt, says) => {
    await writeFile(file, strict);
    const policy = begin();
    expect([await quorumOf(policy), await policy.problem()]).toEqual([3, undefined]);
    clock += 60_000;
    await breakIt();
    expect(await quorumOf(policy)).toBe(3);
    clock += 60_000;
    const problem = (await policy.problem())!;
    expect(problem.startsWith(`${file} is broken since 2026-01-01T00:01:00Z: ${join(directory, says)}`)).toBe(true);
    expect(problem).toMatch(/; the policy of 2026-01-01T00:00:00Z is in force$/);
    expect(problem).not.toContain('\n');
    expect(told).toEqual([problem]);
    await writeFile(file, policyText);
    expect([await quorumOf(policy), await policy.problem()]).toEqual([2, undefined]);
    expect(told[1]).toBe(`${file} is valid again, and in force`);
  });

  it('is the last valid one also for a process that begins while the file is broken', async () => {
    await writeFile(file, strict);
    await begin().read();
    clock += 60_000;
    await writeFile(file, typo);
    const restarted = begin();
    expect(await quorumOf(restarted)).toBe(3);
    expect(await restarted.problem()).toMatch(/; the policy of 2026-01-01T00:00:00Z is in force$/);
  });

  it('is of the time when it came into force, however often processes begin anew', async () => {
    await writeFile(file, strict);
    await begin().read();
    clock += 60_000;
    const restarted = begin();
    await restarted.read();
    await rm(file);
    expect(await restarted.problem()).toMatch(/; the policy of 2026-01-01T00:00:00Z is in force$/);
  });

  it('is none where none was ever valid, and that is the operator’s to mend', async () => {
    await writeFile(file, typo);
    await expect(begin().read()).rejects.toMatchObject({ details: { code: 'SLIP-CFG-2', blame: 'operator' } });
    expect(await begin().problem()).toMatch(/SLIP-CFG-2.*policy\.yaml:24:5/);
    await rm(file);
    await expect(begin().read()).rejects.toThrow(/SLIP-CFG-2.*cannot be read: ENOENT/);
  });

  it.each<[string, (text: string) => string]>([
    ['was cut', (text) => text.slice(0, -20)],
    ['was changed', (text) => text.replace('quorum: 3', 'quorum: 1')],
    ['is of another form', () => '{}'],
  ])('is never a copy that %s', async (_what, spoil) => {
    await writeFile(file, strict);
    await begin().read();
    const [name] = await readdir(copies);
    const copy = join(copies, name!);
    await writeFile(copy, spoil(await readFile(copy, 'utf8')));
    await rm(file);
    await expect(begin().read()).rejects.toThrow(/SLIP-CFG-2/);
  });

  it('is kept for nobody else to read, and apart from that of another file', async () => {
    await writeFile(file, strict);
    await begin().read();
    const [name, ...others] = await readdir(copies);
    expect(others).toEqual([]);
    expect((await stat(join(copies, name!))).mode & 0o077).toBe(0);
    await expect(policyOnDisk(`${file}-other`, { copyDirectory: copies }).read()).rejects.toThrow(/SLIP-CFG-2/);
  });

  it('goes on where the copy cannot be kept, and says so', async () => {
    await writeFile(file, strict);
    await writeFile(copies, 'a file where the directory belongs');
    expect(await quorumOf(begin())).toBe(3);
    expect(told).toEqual([expect.stringContaining('the policy cannot be kept for the time when its file is broken')]);
  });

  it('is not what was written so far while somebody writes the file in place, although that is valid', async () => {
    const cut = strict.indexOf(', quorum: 3');
    await writeFile(
      file,
      `${strict.slice(0, cut)} }\n`.replace('{ required: true }', '{ required: true, groups: [owners] }'),
    );
    const pause = async () => {
      await writeFile(file, strict);
      await utimes(file, new Date(0), new Date(0));
    };
    expect(await quorumOf(begin({ settleMs: 60_000, pause }))).toBe(3);
  });

  it('waits for nobody who never stops writing', async () => {
    await writeFile(file, strict);
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
      await appendFile(file, '# more\n');
    };
    expect(await quorumOf(begin({ settleMs: 60_000, pause }))).toBe(3);
    expect(pauses).toBeGreaterThan(1);
  });

  it('is looked at without a pause as long as nothing changes', async () => {
    await writeFile(file, strict);
    let pauses = 0;
    const policy = begin({ settleMs: 60_000, pause: async () => void (pauses += 1) });
    await policy.read();
    const first = pauses;
    await policy.read();
    expect(pauses).toBe(first);
  });

  it('may hold keys of a newer version, where it says itself that they may be ignored, and names them', async () => {
    const windows = changed(
      policyText,
      '    testsRequired: true\n',
      '    testsRequired: true\n    windows: [weekdays]\n',
    );
    await writeFile(file, `${windows}mayIgnore: [environments.*.windows]\n`);
    const policy = begin();
    expect([await quorumOf(policy), await policy.problem()]).toEqual([2, undefined]);
    expect(told).toEqual([
      expect.stringMatching(
        /policy\.yaml:25:5 {2}unknown key `windows`, which this version ignores: the file says that it may$/,
      ),
    ]);
    await writeFile(file, windows.replace('quorum: 2', 'quorum: 3'));
    expect(await quorumOf(policy)).toBe(2);
    expect(await policy.problem()).toMatch(/unknown key `windows`/);
  });
});
