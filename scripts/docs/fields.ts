/** Tables of the fields of a JSON Schema, for documents. */

export interface Schema {
  $ref?: string;
  type?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
}

/** A row for each field: its name, what it is, and what is said of it. */
export function fieldRows({ properties = {}, required = [] }: Schema): string[] {
  return Object.entries(properties).map(([name, schema]) => {
    const isThere = required.includes(name) ? '' : '?';
    return row(`\`${name}${isThere}\``, typeOf(schema), schema.description ?? '');
  });
}

export function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

export const fieldsHead = ['| Field | What | |', '|---|---|---|'];

/** What it is, in a few words; what has a name, by a link to it. */
export function typeOf(schema: Schema): string {
  const { $ref, type, items, enum: words, anyOf, oneOf, allOf, format } = schema;
  if ($ref !== undefined) return linkTo(nameOf($ref));
  if (allOf?.length === 1) return typeOf(allOf[0]!);
  const either = anyOf ?? oneOf;
  if (either) return [...new Set(either.map(typeOf))].join(' or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (words) return words.map((word) => `\`${String(word)}\``).join(', ');
  if (type === 'array') return `list of ${items ? typeOf(items) : 'anything'}`;
  if (type === 'object') return objectType(schema);
  if (format === 'date-time') return 'time';
  return type === undefined ? 'anything' : (plainTypes[type] ?? type);
}

const plainTypes: Record<string, string> = { string: 'text', boolean: '`true` or `false`', integer: 'number' };

function objectType({ properties, required = [], additionalProperties }: Schema): string {
  if (!properties && typeof additionalProperties === 'object' && additionalProperties.type !== undefined)
    return `table of ${typeOf(additionalProperties)}`;
  if (!properties) return 'object';
  const fields = Object.entries(properties).map(
    ([name, schema]) => `${name}${required.includes(name) ? '' : '?'}: ${typeOf(schema)}`,
  );
  return `{ ${fields.join(', ')} }`;
}

const nameOf = (reference: string): string => reference.split('/').at(-1)!;

const linkTo = (name: string): string => (name === 'Time' ? 'time' : `[${name}](#${name.toLowerCase()})`);

/** A section for each part with a name. */
export function namedParts(parts: Record<string, Schema>): string[] {
  return Object.entries(parts)
    .filter(([name]) => name !== 'Time')
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, schema]) => [`### ${name}`, '', ...said(schema), ...fieldsHead, ...fieldRows(schema), '']);
}

const said = ({ description }: Schema): string[] => (description === undefined ? [] : [description, '']);

export const fenced = (language: string, text: string): string[] => [`\`\`\`${language}`, text, '```'];
