import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { documentVersion } from '../client/cli/document-version.ts';
import { documents, shapeDocument } from '../client/cli/json-documents.ts';
import type { DocumentKind } from '../client/cli/json-documents.ts';
import { printedBy } from './docs/printed-by.ts';
import { fenced, fieldRows, fieldsHead, namedParts, row } from './docs/fields.ts';
import type { Schema } from './docs/fields.ts';
import { jsonExamples } from './docs/json-examples.ts';

const kinds = Object.keys(documents) as DocumentKind[];
const partsUrl = '#/$defs/';

/** JSON Schema of each document under its kind, and of their parts, in `$defs`. */
function jsonSchemas(): { documents: Record<string, Schema>; parts: Record<string, Schema> } {
  const parts: Record<string, Schema> = {};
  const made = kinds.map((kind): [string, Schema] => {
    const { $schema: _schema, $defs = {}, ...own } = z.toJSONSchema(documents[kind], { io: 'output' });
    Object.assign(parts, open($defs));
    const whole = ('$ref' in own ? parts[String(own['$ref']).slice(partsUrl.length)] : open(own)) as Schema;
    const version = { const: documentVersion } as const;
    return [
      kind,
      {
        ...whole,
        properties: { version, ...whole.properties },
        required: ['version', ...(whole.required ?? [])],
      },
    ];
  });
  return { documents: Object.fromEntries(made), parts };
}

/** Fields are added within a version: none is refused. */
function open(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(open);
  if (part === null || typeof part !== 'object') return part;
  const entries = Object.entries(part).filter(([key, inner]) => key !== 'additionalProperties' || inner !== false);
  return Object.fromEntries(entries.map(([key, inner]) => [key, open(inner)]));
}

/** The text of docs/json.schema.json. */
export function jsonSchemaFile(): string {
  const { documents: made, parts } = jsonSchemas();
  const all = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'What `slipway … --json` prints',
    anyOf: kinds.map((kind) => ({ $ref: `${partsUrl}${kind}` })),
    $defs: { ...made, ...parts },
  };
  return `${JSON.stringify(all, null, 2)}\n`;
}

const head = `# What \`--json\` prints

Made from the command's own schemas by \`node scripts/generate-json-docs.ts\`: change those, not this file. The same as JSON Schema is
[json.schema.json](json.schema.json), with each document under its name in \`$defs\`.

One JSON document on stdout, whatever comes of the command. \`version\` is ${documentVersion}. It rises when a field goes or comes to mean something else; fields
and words are added without that: pass over those that you do not know. What this page does not name is not printed.

**Times** are ISO 8601 in UTC (\`2026-11-30T08:00:12.000Z\`), in every document and whatever the machine's own zone. Fields whose names end in \`Ms\` are durations in
milliseconds. Two things are printed as they were written, because a hash is made of them: \`plan\` in a [plan](#plan), in which nothing is a time,
and \`facts\` in a [row of the audit](#auditrow), in which times are milliseconds since 1970. So is all that \`slipway audit list --all\` prints, with and
without \`--json\`: \`{"version", "rows"}\` for \`slipway audit verify --rows\`, with \`at\` in milliseconds.

\`slipway schema\` prints a JSON Schema, and \`completion\` and \`dev\` no document.

A \`?\` behind a name: it may be absent.
`;

/** The text of docs/json.md. */
export function jsonDocs(): string {
  const { documents: made, parts } = jsonSchemas();
  const lines = [
    head,
    ...kinds.flatMap((kind) => documentLines(kind, made[kind]!)),
    '## Parts of documents',
    '',
    ...namedParts(parts),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function documentLines(kind: DocumentKind, schema: Schema): string[] {
  const { what, commands } =
    kind === 'error'
      ? { what: 'Why it was not done, with the exit code that the command ends with.', commands: ['each command'] }
      : printedBy[kind];
  const of = commands.map((command) => (kind === 'error' ? command : `\`${command}\``)).join(', ');
  return [
    `## ${kind}`,
    '',
    `${what} Of ${of}.`,
    '',
    ...fieldsHead,
    row('`version`', `\`${documentVersion}\``, ''),
    ...fieldRows(schema).slice(1),
    '',
    ...fenced('json', JSON.stringify(shapeDocument(kind, jsonExamples[kind]), null, 2)),
    '',
  ];
}

if (import.meta.main) {
  await writeFile(new URL('../docs/json.schema.json', import.meta.url), jsonSchemaFile());
  await writeFile(new URL('../docs/json.md', import.meta.url), jsonDocs());
}
