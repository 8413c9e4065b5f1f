import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Identity } from '../../domain/contract/release.ts';

/** Who a bearer token belongs to; undefined for one that nobody has. */
export type Identify = (token: string) => Promise<Identity | undefined>;

const tokensFile = z.array(
  z.strictObject({
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    id: z.string().min(1).max(200),
    groups: z.array(z.string().min(1)),
    emails: z.array(z.email().toLowerCase()).optional(),
  }),
);

/** Tokens by their sha256, from a file the operator keeps: the file alone lets nobody in. Read each time, so that a removed token stops at once. */
export function identifyByTokens(file: string): Identify {
  return async (token) => {
    const known = tokensFile.parse(JSON.parse(await readFile(file, 'utf8')));
    const hash = sha256(token);
    const found = known.find((entry) => timingSafeEqual(Buffer.from(entry.sha256, 'hex'), hash));
    if (!found) return undefined;
    const { id, groups, emails } = found;
    return { id, via: 'token', groups, ...(emails && { emails }) };
  };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
