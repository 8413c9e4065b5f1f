import { mkdir, open } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fetch } from 'undici';
import type { SignedChainEnds } from '../../domain/contract/evidence.ts';

/** Where what the gateway signs is out of reach of those who can write to the records. */
export interface EvidenceDestination {
  /** By which the records note how far it was sent; says nothing of a secret in an address. */
  name: string;
  /** May be called again with the same statement. Rejects when it is not certain to have arrived. `signal`: nobody waits any longer. */
  send(signed: SignedChainEnds, signal: AbortSignal): Promise<void>;
}

/** `log`, `dir:/path` or an http(s) address. Throws an Error, without the text, for anything else. */
export function evidenceDestination(text: string, print: (line: string) => void): EvidenceDestination {
  if (text === 'log') return { name: 'log', send: async (signed) => print(`audit-ends ${JSON.stringify(signed)}`) };
  if (text.startsWith('dir:/')) return toDirectory(text.slice('dir:'.length));
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol)) return toWebhook(url);
  throw new Error('a destination of the audit is log, dir:/path or https://…');
}

/** One JSON document a line, one file a month. What is written is on disk before it counts as sent. */
function toDirectory(directory: string): EvidenceDestination {
  return {
    name: `dir:${directory}`,
    async send(signed) {
      await mkdir(directory, { recursive: true });
      const month = new Date(signed.statement.at).toISOString().slice(0, 7);
      const file = await open(join(directory, `audit-ends-${month}.jsonl`), 'a+');
      try {
        await file.appendFile(`${(await endsWithinLine(file)) ? '\n' : ''}${JSON.stringify(signed)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}

/** A process that was killed while it wrote has left half a line. */
async function endsWithinLine(file: Awaited<ReturnType<typeof open>>): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() !== '\n';
}

function toWebhook(url: URL): EvidenceDestination {
  return {
    name: `${url.protocol}//${url.host} ${createHash('sha256').update(url.href).digest('hex').slice(0, 16)}`,
    async send(signed, signal) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': keyOf(signed) },
        body: JSON.stringify(signed),
        redirect: 'manual',
        signal,
      }).catch((error: unknown) => {
        // The path of a webhook is a secret, and error messages may repeat it.
        throw new Error(`${url.host} does not answer (${(error as Error).name})`);
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`${url.host} answered ${response.status}`);
    },
  };
}

/** By its signature: where records are an older copy, another statement may come to have its number. */
function keyOf({ statement: { n }, signature }: SignedChainEnds): string {
  return `audit-ends-${n}-${createHash('sha256').update(signature).digest('hex').slice(0, 16)}`;
}
