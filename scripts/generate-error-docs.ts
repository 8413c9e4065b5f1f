import { writeFile } from 'node:fs/promises';
import { errorCatalogue } from '../domain/errors/catalogue.ts';
import type { FailureEntry } from '../domain/errors/failure.ts';

/** Titles by area, in the order of a release. An area that is new and not named here comes last, under its own letters. */
const areas: Record<string, string> = {
  CFG: 'slipway.yaml and the policy file',
  SRC: 'The repository',
  IMG: 'Images',
  SCAN: 'Scans',
  TEST: 'Integration tests',
  MIG: 'Migrations',
  K8S: 'Clusters',
  DLV: 'Delivery',
  VER: 'Verification',
  REL: 'Releases',
  REC: 'Records',
  NTF: 'Notifications',
};

const head = `# Error codes

Made from \`domain/errors/\` by \`node scripts/generate-error-docs.ts\`: change the catalogue, not this file.

A code means the same in the command line, the HTTP API, the Temporal UI (as the type of the failure) and the records, and is never used
again for something else. Each failure also carries a detail of at most 2,000 characters: what happened this time, in the words of the
cluster, registry or program that said it.

- **retryable**: tried again by itself, costs time only. Act when it goes on.
- **terminal**: does not get better by itself.
- **unknown**: may have happened; it is read back before anything else is done.

Whose fault it is decides what follows once something has been changed. Only what is the **release**'s own (the commit or its slipway.yaml)
rolls back by itself. The **operator**'s (policy, rights, keys) and the **world**'s (what is away, or could not be looked at) is tried again
for a while; then the run is held, and a person may say \`retry\`. Where another release is what mends it, that waits until the held run has
ended: \`slipway status\` says how, as long as it is held.

Some kinds say more:

- **final**: nothing that anybody does mends it in this run: it is not tried again. Once something has been changed a person decides.
- **inconclusive**: it could not be told whether a region, or an image, is well: \`onInconclusive\` in slipway.yaml says what follows.
- **stops**: the run changes nothing more, and nobody is asked.
- **looked at again**: said by a Job that only looks, and counts when it is said again.
`;

type Mark = Exclude<keyof FailureEntry, 'kind' | 'blame' | 'title' | 'next'>;

/** Each further column of the catalogue has its word here, which the head explains. */
const marks: Record<Mark, string> = {
  final: 'final',
  inconclusive: 'inconclusive',
  stops: 'stops',
  lookAgain: 'looked at again',
};

/** The text of docs/errors.md. */
export function errorDocs(): string {
  const entries = Object.entries(errorCatalogue as Record<string, FailureEntry>);
  const found = new Set(entries.map(([code]) => areaOf(code)));
  const order = [
    ...Object.keys(areas).filter((area) => found.has(area)),
    ...[...found].filter((area) => !(area in areas)),
  ];
  const sections = order.map((area) => {
    const rows = entries.filter(([code]) => areaOf(code) === area).map(([code, entry]) => rowOf(code, entry));
    return [
      `## ${areas[area] ?? area}`,
      '',
      '| Code | What | Kind | Whose | What to do |',
      '|---|---|---|---|---|',
      ...rows,
    ].join('\n');
  });
  return `${[head.trimEnd(), ...sections].join('\n\n')}\n`;
}

function areaOf(code: string): string {
  return code.split('-')[1] ?? code;
}

function rowOf(code: string, entry: FailureEntry): string {
  const { blame, title, next } = entry;
  const said = (Object.keys(marks) as Mark[]).filter((mark) => entry[mark]).map((mark) => marks[mark]);
  const kind = [entry.kind, ...said].join(', ');
  return `| ${[`\`${code}\``, title, kind, blame, next].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

if (import.meta.main) await writeFile(new URL('../docs/errors.md', import.meta.url), errorDocs());
