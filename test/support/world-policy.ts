import { readFile, rename, writeFile } from 'node:fs/promises';

/** How an operator's policy file can be wrong on disk. */
export type Damage =
  /** A word that does not belong there: every part of the file is, and the file as a whole is no policy. */
  | 'typo'
  /** Read while somebody writes it, or after the disk was full: its first half. */
  | 'half-written'
  /** Not there at all, as between an unmount and a mount. */
  | 'gone';

/** The policy file of a world, and what happens to it. */
export interface PolicyOnDisk {
  damage(how: Damage): Promise<void>;
  /** Puts back what was there before the first damage, in one step. May be called again. */
  mend(): Promise<void>;
}

export function policyOnDisk(file: string): PolicyOnDisk {
  let good: string | undefined;
  const replace = async (text: string) => {
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  };
  return {
    async damage(how) {
      good ??= await readFile(file, 'utf8');
      if (how === 'typo') await replace(`${good}\nenviroments: {}\n`);
      // In place: whoever reads meanwhile sees less and less of it.
      if (how === 'half-written') await writeFile(file, good.slice(0, Math.floor(good.length / 2)));
      if (how === 'gone') await rename(file, `${file}.away`);
    },
    async mend() {
      if (good !== undefined) await replace(good);
    },
  };
}
