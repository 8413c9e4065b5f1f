import type { Answer } from './answered.ts';
import { whenOver } from './answered.ts';
import { Refused } from './errors.ts';
import { oneAfterAnother } from './one-after-another.ts';

/** Of 24 MB at most, until whoever asked has them. */
const mostFiles = 4;
/** ms that one waits for those before it to be made. */
const longestMs = 20_000;
const againSeconds = 5;

/** Who asks for which file: of the same release, for those who may look at the same. */
interface Wanted {
  key: string;
  by: string;
}

/** By whom a file is made, waited for or taken: who has begun it stands there until it is made, though nobody may wait any more. */
interface File {
  bytes: Promise<Buffer>;
  takers: { by: string }[];
}

/**
 * Files that are large, and dear to make: one at a time, the same one for all who ask for it meanwhile, and of each person one. Throws 429 for another, until
 * what is there was taken: whoever asks for all of them at once keeps nobody from anything else.
 */
export function evidenceFiles(): (wanted: Wanted, answer: Answer, make: () => Promise<Buffer>) => Promise<Buffer> {
  const files = new Map<string, File>();
  const inOrder = oneAfterAnother(longestMs);

  const taking = (key: string, file: File, by: string) => {
    const taker = { by };
    file.takers.push(taker);
    return () => {
      file.takers.splice(file.takers.indexOf(taker), 1);
      if (file.takers.length === 0) files.delete(key);
    };
  };

  return ({ key, by }, answer, make) => {
    const others = [...files].filter(([other]) => other !== key).flatMap(([, { takers }]) => takers);
    if (others.some((taker) => taker.by === by)) throw tooMany('more than one evidence file at once to one');
    const before = files.get(key);
    if (!before && files.size >= mostFiles) throw tooMany(`more than ${mostFiles} evidence files at once in all`);
    const file = before ?? { bytes: inOrder('evidence', make), takers: [] };
    if (!before) {
      files.set(key, file);
      const made = taking(key, file, by);
      void file.bytes.then(made, made);
    }
    whenOver(answer, taking(key, file, by));
    return file.bytes;
  };
}

function tooMany(what: string): Refused {
  const next = `Nothing was made. Try again in ${againSeconds} s, when the file before has come.`;
  return new Refused(429, 'too-many-requests', what, next, againSeconds);
}
