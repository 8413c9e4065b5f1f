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

/** A file that is made, or that somebody has not got yet. */
interface File {
  by: string;
  bytes: Promise<Buffer>;
  isMade: boolean;
  readers: number;
}

/**
 * Files that are large, and dear to make: one at a time, the same one for all who ask for it meanwhile, and of each person one. Throws 429 for another, until
 * what is there was taken: whoever asks for all of them at once keeps nobody from anything else.
 */
export function evidenceFiles(): (wanted: Wanted, answer: Answer, make: () => Promise<Buffer>) => Promise<Buffer> {
  const files = new Map<string, File>();
  const inOrder = oneAfterAnother(longestMs);
  const forget = (key: string, file: File) => {
    if (file.isMade && file.readers === 0 && files.get(key) === file) files.delete(key);
  };
  return ({ key, by }, answer, make) => {
    const file = files.get(key) ?? begin(by);
    files.set(key, file);
    file.readers += 1;
    whenOver(answer, () => {
      file.readers -= 1;
      forget(key, file);
    });
    return file.bytes;

    function begin(by: string): File {
      if ([...files.values()].some((one) => one.by === by)) throw tooMany('more than one evidence file at once to one');
      if (files.size >= mostFiles) throw tooMany(`more than ${mostFiles} evidence files at once in all`);
      const begun: File = { by, bytes: inOrder('evidence', make), isMade: false, readers: 0 };
      const over = () => {
        begun.isMade = true;
        forget(key, begun);
      };
      void begun.bytes.then(over, over);
      return begun;
    }
  };
}

function tooMany(what: string): Refused {
  const next = `Nothing was made. Try again in ${againSeconds} s, when the file before has come.`;
  return new Refused(429, 'too-many-requests', what, next, againSeconds);
}
