import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** The text of a policy that was valid, and when it came into force on this machine. */
export interface PolicyCopy {
  text: string;
  since: number;
}

const form = z.object({ text: z.string(), since: z.number(), hash: z.string() });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** The copy of one policy file, in the cache directory: it outlives the process. Whole or not at all, whoever writes at the same time. */
export function policyCopy(directory: string, policyFile: string) {
  const file = join(directory, `${sha256(policyFile).slice(0, 16)}.json`);
  return {
    /** Undefined when there is none, or it is not as it was written. */
    async read(): Promise<PolicyCopy | undefined> {
      try {
        const { text, since, hash } = form.parse(JSON.parse(await readFile(file, 'utf8')));
        return sha256(text) === hash ? { text, since } : undefined;
      } catch {
        return undefined;
      }
    },

    async keep({ text, since }: PolicyCopy): Promise<void> {
      const half = `${file}.${randomUUID()}`;
      await mkdir(directory, { recursive: true, mode: 0o700 });
      try {
        await writeFile(half, JSON.stringify({ text, since, hash: sha256(text) }), { mode: 0o600 });
        await rename(half, file);
      } finally {
        await rm(half, { force: true });
      }
    },
  };
}
