import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isDenseJson } from '../../activities/shared/json-parts.ts';
import { mostBytesOfEvidence, mostPartsOfEvidence } from '../../domain/contract/evidence-bundle.ts';
import type { SignedEvidence } from '../../domain/contract/evidence-bundle.ts';
import { whyUnreadable } from '../../domain/unreadable.ts';
import { ofEvidence, weigh } from '../../domain/weight.ts';
import { judgedPlan, signedEvidence } from '../answers/evidence-bundle.ts';
import { usageFailure, type CliFailure } from './failures.ts';

/** A file that anybody may have made. Throws a usage failure for one that is no evidence file, in words. */
export async function readEvidence(cwd: string, path: string): Promise<{ signed: SignedEvidence; text: string }> {
  const chunks: Buffer[] = [];
  try {
    // One byte more than there may be, of whatever it is: a device has no size, and no end.
    for await (const chunk of createReadStream(resolve(cwd, path), { end: mostBytesOfEvidence }))
      chunks.push(chunk as Buffer);
  } catch (error) {
    throw usageFailure(
      `${path} cannot be read: ${whyUnreadable(error)}`,
      'Name a file that `slipway evidence` has written.',
    );
  }
  const bytes = Buffer.concat(chunks);
  return { signed: evidenceIn(bytes, path), text: bytes.toString('utf8') };
}

/** Throws a usage failure for what is no evidence file. */
export function evidenceIn(bytes: Uint8Array, path: string): SignedEvidence {
  if (bytes.length > mostBytesOfEvidence)
    throw notEvidence(path, `it has more than ${mostBytesOfEvidence / 1_000_000} MB`);
  if (isDenseJson(bytes, mostPartsOfEvidence)) throw notEvidence(path, `it has more than ${mostPartsOfEvidence} parts`);
  const value = parsed(bytes);
  if (value === undefined) throw notEvidence(path, 'it is no JSON in UTF-8');
  return evidenceOf(value, (why) => notEvidence(path, why));
}

/** As it came: what is signed is all of it, also what this version does not know. Throws what `refused` makes of what is no evidence file. */
export function evidenceOf(value: unknown, refused: (why: string) => CliFailure): SignedEvidence {
  const heavy = weigh(value, ofEvidence);
  if (heavy !== undefined) throw refused(heavy);
  const { kind, version } = (value as { bundle?: { kind?: unknown; version?: unknown } } | null)?.bundle ?? {};
  if (kind !== 'slipway.evidence') throw refused('it is a document of another kind');
  if (version !== 1) throw refused('it is of a form that this version of slipway does not know');
  // Nobody has signed what stands beside these.
  const beside = Object.keys(value as object).find((key) => !Object.hasOwn(signedEvidence.shape, key));
  if (beside !== undefined) throw refused('something stands in it beside what is signed');
  const shaped = signedEvidence.safeParse(value);
  if (!shaped.success) throw refused(`\`${at(shaped.error.issues)}\` is missing or of another kind`);
  const signed = value as SignedEvidence;
  const odd = signed.bundle.plans.map(({ plan }) => judgedPlan.safeParse(plan)).find(({ success }) => !success);
  if (odd) throw refused(`\`bundle.plans.${at(odd.error?.issues ?? [])}\` is missing or of another kind`);
  return signed;
}

const at = ([issue]: readonly { path: readonly PropertyKey[] }[]) => (issue?.path ?? []).map(String).join('.');

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function notEvidence(path: string, why: string): CliFailure {
  return usageFailure(`${path} is no evidence file: ${why}`, 'Name a file that `slipway evidence` has written.');
}

/** As a whole or not at all: it is written beside itself first. Throws a usage failure where there is one already, unless it may be replaced. */
export async function writeEvidence(
  cwd: string,
  path: string,
  text: string,
  { force }: { force: boolean },
): Promise<void> {
  const to = resolve(cwd, path);
  const beside = join(dirname(to), `.${randomUUID()}.evidence`);
  try {
    const file = await open(beside, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    // A second name is given only where there is none of that: nobody's file is replaced, whoever makes one meanwhile.
    await (force ? rename(beside, to) : link(beside, to));
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EEXIST')
      throw usageFailure(`${path} is there already`, 'Name another file with --out, or replace it with --force.');
    throw usageFailure(
      `${path} cannot be written: ${whyUnreadable(error)}`,
      'Name a file in another place with --out.',
    );
  } finally {
    await rm(beside, { force: true });
  }
}
