import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Identity } from '../../domain/contract/release.ts';
import type { Door } from './doors.ts';

const noHash = 'must be 64 hexadecimal digits, in small letters';
const noName = 'must be a name of 1 to 200 characters';
const tokensFile = z.array(
  z.strictObject(
    {
      sha256: z.string(noHash).regex(/^[0-9a-f]{64}$/, noHash),
      id: z.string(noName).min(1, noName).max(200, noName),
      groups: z.array(
        z.string('must be a name').min(1, 'must be a name'),
        'must be a list of groups, which may be empty',
      ),
      emails: z.array(z.email('must be an e-mail address').toLowerCase(), 'must be a list of addresses').optional(),
    },
    { error: ({ code }) => (code === 'unrecognized_keys' ? 'has a key that is not known' : 'must be an object') },
  ),
  'must be a list of entries',
);
type Entries = z.infer<typeof tokensFile>;

/** Tokens by their sha256, from a file the operator keeps: the file alone lets nobody in. Read each time, so that a removed token stops at once. */
export function tokenDoor(file: string): Door {
  return async (token) => {
    const known = await readTokens(file);
    const hash = sha256(token);
    const found = known.find((entry) => timingSafeEqual(Buffer.from(entry.sha256, 'hex'), hash));
    if (!found) return undefined;
    const { id, groups, emails } = found;
    return { via: 'token', id, belongs: groups, ...(emails && { writesAs: emails }) };
  };
}

/** Everybody whom the file knows, as often as they have a token. */
export async function peopleOfTokens(file: string): Promise<Pick<Identity, 'id' | 'groups'>[]> {
  return (await readTokens(file)).map(({ id, groups }) => ({ id, groups }));
}

const mostProblems = 20;

/** Throws one Error that names every entry that is wrong, by its number from 1, and nothing of what stands there: it may be a token itself. */
export async function readTokens(file: string): Promise<Entries> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`the file of tokens ${file} cannot be read (${error.code ?? 'error'})`);
  });
  const parsed = tokensFile.safeParse(jsonIn(text, file));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: [entry, ...field], message }) => {
    const where = entry === undefined ? ['it'] : [`entry ${Number(entry) + 1}`, ...field];
    return `${where.join(' ')} ${message}`;
  });
  const rest = problems.length - mostProblems;
  const said = [...problems.slice(0, mostProblems), ...(rest > 0 ? [`and ${rest} more`] : [])];
  throw new Error(`the file of tokens ${file} is broken\n${said.join('\n')}`);
}

function jsonIn(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`the file of tokens ${file} is no JSON`);
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
