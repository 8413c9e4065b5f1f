import { readFile, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { formatProblems, loadPolicy, problemsFailure } from '../pipeline/index.ts';
import type { LoadedPolicy, Policy, Problem } from '../pipeline/index.ts';
import { policyCopy, type PolicyCopy } from './policy-copy.ts';

export interface PolicyInForceOptions {
  path: string;
  /** Where the last valid policy is kept, so that it outlives the process. Without it a broken file stops a process that has just begun. */
  copyDirectory?: string;
  /** How old a change must be before it counts: whoever writes a file in place writes it piece by piece. */
  settleMs?: number;
  /** Told once when the file breaks, when it breaks otherwise, when it is well again, and what of it is ignored. */
  report?: (line: string) => void;
  now?: () => number;
  pause?: (ms: number) => Promise<unknown>;
}

export interface PolicyState {
  policy: Policy;
  /** While the file is broken: what is wrong, since when, and what is in force instead. One line. */
  problem?: string;
}

interface Valid {
  policy: Policy;
  text: string;
  since: number;
}

/**
 * The operator's policy as it is in force: what the file says, and while the file is broken, half written, missing or unreadable, what it said
 * last. Looks at the file each time, so that a change counts at once; one look after the other. Throws SLIP-CFG-2 when there was never a
 * valid one.
 */
export function policyInForce(options: PolicyInForceOptions): { look(): Promise<PolicyState> } {
  const { path, settleMs = 1_000, report = () => {}, now = Date.now, pause = wait } = options;
  const copy = options.copyDirectory === undefined ? undefined : policyCopy(options.copyDirectory, path);
  let valid: Valid | undefined;
  let broken: { since: number; said: string } | undefined;
  let latest: { text: string; loaded: LoadedPolicy } | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function read(): Promise<LoadedPolicy & { text?: string }> {
    try {
      const text = await settledText({ path, settleMs, pause }, valid?.text);
      if (text === valid?.text) return { ok: true, policy: valid.policy, warnings: [], text };
      // Parsed once, also while it is broken: every step of every release looks.
      if (text !== latest?.text) latest = { text, loaded: loadPolicy(text, path) };
      return { ...latest.loaded, text };
    } catch (error) {
      const message = `the file cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`;
      return { ok: false, problems: [{ file: path, line: 1, column: 1, path: '', message }] };
    }
  }

  async function accept(policy: Policy, text: string, warnings: readonly Problem[]): Promise<PolicyState> {
    if (broken) report(`${path} is valid again, and in force`);
    broken = undefined;
    if (text === valid?.text) return { policy: valid.policy };
    if (warnings.length > 0) report(oneLine(warnings));
    const kept = await copy?.read();
    valid = { policy, text, since: kept?.text === text ? kept.since : now() };
    if (kept?.text !== text) await keep({ text, since: valid.since });
    return { policy };
  }

  async function keep(valid: PolicyCopy): Promise<void> {
    await copy?.keep(valid).catch((error: unknown) => {
      report(`the policy cannot be kept for the time when its file is broken: ${String(error)}`);
    });
  }

  async function fallBack(problems: Problem[]): Promise<PolicyState> {
    valid ??= await fromCopy();
    if (!valid) throw problemsFailure('SLIP-CFG-2', problems);
    const said = oneLine(problems);
    const problem = `${path} is broken since ${time((broken ??= { since: now(), said: '' }).since)}: ${said}; the policy of ${time(valid.since)} is in force`;
    if (broken.said !== said) report(problem);
    broken.said = said;
    return { policy: valid.policy, problem };
  }

  async function fromCopy(): Promise<Valid | undefined> {
    const kept = await copy?.read();
    const loaded = kept && loadPolicy(kept.text, path);
    return kept && loaded?.ok ? { ...kept, policy: loaded.policy } : undefined;
  }

  async function look(): Promise<PolicyState> {
    const found = await read();
    return found.ok ? accept(found.policy, found.text ?? '', found.warnings) : fallBack(found.problems);
  }

  return {
    look() {
      const next = last.then(look, look);
      last = next.catch(() => {});
      return next;
    },
  };
}

/** The text once nobody has written to it for a moment; at once when it is what is known already. */
async function settledText(
  { path, settleMs, pause }: Required<Pick<PolicyInForceOptions, 'path' | 'settleMs' | 'pause'>>,
  known: string | undefined,
): Promise<string> {
  for (let waited = 0; ;) {
    const text = decode(await readFile(path));
    const age = Math.max(0, Date.now() - (await stat(path)).mtimeMs);
    // A clock that is wrong, or somebody who never stops writing, must not keep the policy from being read.
    if (text === known || age >= settleMs || waited >= 3 * settleMs) return text;
    await pause(settleMs - age);
    waited += settleMs - age;
  }
}

/** Bytes that are no UTF-8 become U+FFFD, which the loader refuses with its place. */
const decode = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

const time = (at: number) => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

function oneLine(problems: readonly Problem[]): string {
  const [first, ...more] = problems;
  const text = first ? formatProblems([first]).replace(/(?<!\s)\s*\n\s*/g, ': ') : 'it is not valid';
  return more.length > 0 ? `${text}, and ${more.length} more` : text;
}
