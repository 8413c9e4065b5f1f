import { head } from '../../domain/whole-text.ts';
import { oneLine, safeText } from '../cli/safe-text.ts';

/** Where an annotation is shown, and what it is called. */
export type Properties = Partial<Record<'title' | 'file' | 'line' | 'col' | 'endColumn', string | number>>;

/** The runner takes 4 kB of an annotation; of a line it takes more than anybody reads. */
const longest = 4_000;

/**
 * A line that runners obey: https://docs.github.com/actions/reference/workflow-commands-for-github-actions. What ends a line, a property or
 * the properties is written as actions/toolkit writes it.
 */
export function commandLine(name: string, data: string, properties: Properties = {}): string {
  const named = Object.entries(properties).map(([key, value]) => `${key}=${escapedProperty(String(value))}`);
  const text = name === 'add-mask' ? data : head(safeText(data), longest);
  return `::${name}${named.length > 0 ? ` ${named.join(',')}` : ''}::${escaped(text)}`;
}

/**
 * A line that no runner obeys, whatever is in it. Commands are `::name` at the beginning, behind spaces too, and in their older form `##[name`
 * anywhere.
 */
export function plainLine(text: string): string {
  return head(oneLine(text), longest).replace(/^::/, ': :').replaceAll('##[', '## [');
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escaped(head(oneLine(text), 500))
    .replaceAll(':', '%3A')
    .replaceAll(',', '%2C');
}
