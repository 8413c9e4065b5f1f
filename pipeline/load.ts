import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseFile } from './document.ts';
import { findingsOf, pathOf } from './issues.ts';
import { withoutIgnorable } from './newer-keys.ts';
import { withoutFollowers } from './one-mistake.ts';
import { pipelineReferences } from './pipeline-references.ts';
import { pipelineSchema } from './pipeline-schema.ts';
import type { PipelineFile } from './pipeline-schema.ts';
import { policyReferences } from './policy-references.ts';
import { policySchema } from './policy-schema.ts';
import type { PolicyFile } from './policy-schema.ts';
import { problemsOf } from './problem.ts';
import type { Finding, Path, Position, Problem } from './problem.ts';
import { withoutTexts } from './unread-texts.ts';
import { belongsElsewhere, otherFile } from './whole-file.ts';
import { pipelineBound, policyBound } from './work-bound.ts';
import type { WorkBound } from './work-bound.ts';

/** A file that was accepted. `content` is what it says, unchanged: nothing filled in, nothing converted. */
export interface LoadedFile<Content> {
  file: string;
  /** sha256 (hexadecimal) of exactly what was read. */
  hash: string;
  content: Content;
  locate(path: Path, atKey?: boolean): Position;
}

export type Pipeline = LoadedFile<PipelineFile>;
export type Policy = LoadedFile<PolicyFile>;

export type LoadedPipeline = { ok: true; pipeline: Pipeline } | { ok: false; problems: Problem[] };
/** `warnings`: keys that were ignored, because the file says that they may be. */
export type LoadedPolicy = { ok: true; policy: Policy; warnings: Problem[] } | { ok: false; problems: Problem[] };

/**
 * Reads `slipway.yaml`. `source` is the text or, so that other encodings are noticed, the bytes; `file` is the name used in problems.
 * Tells everything that is wrong at once, sorted by line. Never throws.
 */
export function loadPipeline(source: string | Uint8Array, file: string): LoadedPipeline {
  const loaded = load({
    source,
    file,
    kind: 'pipeline',
    bound: pipelineBound,
    schema: pipelineSchema,
    references: pipelineReferences,
  });
  return loaded.ok ? { ok: true, pipeline: loaded.loaded } : loaded;
}

/**
 * Reads the operator's policy file, by the same rules. Keys that this version does not know are problems like others, unless the file says
 * in `mayIgnore` that they may be ignored.
 */
export function loadPolicy(source: string | Uint8Array, file: string): LoadedPolicy {
  const references = (value: unknown): Finding[] => {
    const content = policySchema.safeParse(value);
    return content.success ? policyReferences(content.data) : [];
  };
  const ignored: Finding[] = [];
  const prepare = (value: unknown) => withoutIgnorable(policySchema, value, ignored);
  const loaded = load({ source, file, kind: 'policy', bound: policyBound, schema: policySchema, references, prepare });
  if (!loaded.ok) return loaded;
  return { ok: true, policy: loaded.loaded, warnings: problemsOf(file, ignored, loaded.loaded.locate) };
}

interface Loading<Content> {
  source: string | Uint8Array;
  file: string;
  kind: 'pipeline' | 'policy';
  bound: WorkBound;
  schema: z.ZodType<Content>;
  /** Judges the raw value, so that its findings come together with those about its form. */
  references: (value: unknown) => Finding[];
  /** What is read instead of the value itself. */
  prepare?: (value: unknown) => unknown;
}

function load<Content>({ source, file, kind, bound, schema, references, prepare }: Loading<Content>) {
  const parsed = parseFile(source, file, { kind, bound, shape: () => z.toJSONSchema(schema, { io: 'input' }) });
  if (!parsed.ok) return parsed;
  const { locate, written, texts, value: raw } = parsed.parsed;
  const foreign = otherFile(raw, kind);
  if (foreign) return { ok: false as const, problems: problemsOf(file, [foreign], locate) };
  const read = withoutTexts(raw, texts);
  const value = prepare ? prepare(read.value) : read.value;
  const content = schema.safeParse(value, { reportInput: true });
  const issues = content.error?.issues.filter((issue) => !read.isAt(pathOf(issue))) ?? [];
  const formal = issues.length === 0 ? [] : findingsOf(schema, issues, { value, written });
  const beside = (findings: Finding[]) => findings.filter(({ path }) => !read.isAt(path));
  const findings = formal.some(({ misplaced }) => misplaced)
    ? [...texts, ...beside(formal)]
    : withoutFollowers([...texts, ...beside([...formal, ...references(value)])]).map((finding) =>
        elsewhere(finding, kind),
      );
  if (!content.success || findings.length > 0)
    return { ok: false as const, problems: problemsOf(file, findings, locate) };
  const hash = createHash('sha256').update(source).digest('hex');
  return { ok: true as const, loaded: { file, hash, content: content.data, locate } };
}

function elsewhere(finding: Finding, kind: 'pipeline' | 'policy'): Finding {
  if (!finding.unknownKey || finding.path.length !== 1) return finding;
  const hint = belongsElsewhere(String(finding.path[0]), kind);
  return hint === undefined ? finding : { ...finding, hint, correction: undefined };
}
