import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateSync } from 'node:zlib';
import { swollenPack } from './swollen-pack.ts';

export interface RawEntry {
  mode: string;
  name: string | Buffer;
  id: string;
}

/** A repository written object by object, so that it may hold what git itself would not write. */
export interface RawRepository {
  directory: string;
  blob(content: string): Promise<string>;
  tree(entries: RawEntry[]): Promise<string>;
  /** Of that tree, on `main`. */
  commit(tree: string): Promise<string>;
  /** A commit on `main` with one file of so many bytes, of which a few kilobytes are sent. */
  swollen(bytes: number): Promise<string>;
  remove(): Promise<void>;
}

const run = promisify(execFile);

export async function aRawRepository(): Promise<RawRepository> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-raw-'));
  await mkdir(join(directory, 'objects'));
  await mkdir(join(directory, 'refs', 'heads'), { recursive: true });
  await writeFile(join(directory, 'HEAD'), 'ref: refs/heads/main\n');
  const write = async (type: string, body: Buffer): Promise<string> => {
    const bytes = Buffer.concat([Buffer.from(`${type} ${body.length}\0`), body]);
    const id = createHash('sha1').update(bytes).digest('hex');
    await mkdir(join(directory, 'objects', id.slice(0, 2)), { recursive: true });
    await writeFile(join(directory, 'objects', id.slice(0, 2), id.slice(2)), deflateSync(bytes, { level: 1 }));
    return id;
  };
  return {
    directory,
    blob: (content) => write('blob', Buffer.from(content)),
    tree: (entries) =>
      write(
        'tree',
        Buffer.concat(
          entries.flatMap(({ mode, name, id }) => [
            Buffer.from(`${mode} `),
            Buffer.from(name),
            Buffer.from([0]),
            Buffer.from(id, 'hex'),
          ]),
        ),
      ),
    async commit(tree) {
      const who = 'Test <test@example.invalid> 1700000000 +0000';
      const id = await write('commit', Buffer.from(`tree ${tree}\nauthor ${who}\ncommitter ${who}\n\nchange\n`));
      await writeFile(join(directory, 'refs', 'heads', 'main'), `${id}\n`);
      return id;
    },
    async swollen(bytes) {
      const { pack, commit } = swollenPack(bytes);
      await writeFile(join(directory, 'objects', 'swollen.pack'), pack);
      await mkdir(join(directory, 'objects', 'pack'));
      await run('sh', ['-c', 'git index-pack --stdin < objects/swollen.pack'], { cwd: directory });
      await writeFile(join(directory, 'refs', 'heads', 'main'), `${commit}\n`);
      return commit;
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
