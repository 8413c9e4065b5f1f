import { readFileSync } from 'node:fs';
import {
  contradictions,
  loadPipeline,
  loadPolicy,
  pipelineWarnings,
  policyWarnings,
  sharedWarnings,
} from '../../../pipeline/index.ts';
import type { Problem } from '../../../pipeline/index.ts';

/** Lines of the good file by their number, and what stands there instead, `null` where the line is left out; or the text of another file. */
export type Edit = Record<number, string | null> | string;

export interface Edits {
  slipway?: Edit;
  policy?: Edit;
}

/** What is wrong, the edits that make it so, and everything that is said about it. */
export type Mistake = [what: string, edits: Edits, says: string[]];

const good = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');
const files = { slipway: good('slipway.yaml'), policy: good('policy.yaml') };

/** Neither a day on which the exception of the good file has expired, nor one from which it is too far. */
const today = Date.UTC(2026, 10, 1);

export function edited(file: keyof typeof files, edit: Edit = {}): string {
  if (typeof edit === 'string') return edit;
  const lines: (string | null)[] = files[file].split('\n');
  for (const [line, text] of Object.entries(edit)) {
    if (lines[Number(line) - 1] === undefined) throw new Error(`${file} has no line ${line}`);
    lines[Number(line) - 1] = text;
  }
  return lines.filter((line) => line !== null).join('\n');
}

/** Lines of the good slipway.yaml, from one to another, two spaces further out. */
export function outdented(from: number, to: number): Edit {
  const lines = files.slipway.split('\n').slice(from - 1, to);
  return Object.fromEntries(lines.map((line, index) => [from + index, line.slice(2)]));
}

export function said({ file, line, column, message, hint }: Problem): string {
  const place = file === 'slipway.yaml' ? `${line}:${column}` : `${file}:${line}:${column}`;
  return `${place} ${message}${hint === undefined ? '' : ` | ${hint}`}`;
}

/** What `slipway validate` tells of both files. */
export function problemsIn(slipway: string, policyText: string): Problem[] {
  const pipeline = loadPipeline(slipway, 'slipway.yaml');
  const policy = loadPolicy(policyText, 'policy.yaml');
  const problems = [pipeline, policy].flatMap((loaded) => (loaded.ok ? [] : loaded.problems));
  if (!pipeline.ok || !policy.ok) return problems;
  const both = { pipeline: pipeline.pipeline, policy: policy.policy };
  const { repository } = policy.policy.content.services['saleor'] ?? { repository: '' };
  return contradictions({ ...both, repository, now: today });
}

export function answersTo({ slipway, policy }: Edits): string[] {
  return problemsIn(edited('slipway', slipway), edited('policy', policy)).map(said);
}

/** What it warns of, in files without problems. */
export function warningsAbout(edits: Edits): string[] {
  const pipeline = loadPipeline(edited('slipway', edits.slipway), 'slipway.yaml');
  const policy = loadPolicy(edited('policy', edits.policy), 'policy.yaml');
  if (!pipeline.ok || !policy.ok) throw new Error('one of the files has problems');
  return [
    ...pipelineWarnings(pipeline.pipeline, today),
    ...policyWarnings(policy.policy),
    ...sharedWarnings(pipeline.pipeline, policy.policy),
  ].map(said);
}
