import { escapeOf } from './dockerfile-directives.ts';
import { declare, fullReference, substitute } from './dockerfile-names.ts';

/** What a Dockerfile is built on: images in full form (`docker.io/library/node:24`), and what of it cannot be told from the text. */
export interface BaseImages {
  references: string[];
  untold: string[];
}

/** The same with the images that are pinned by digest (`docker.io/library/node@sha256:…`). */
export interface NamedImages extends BaseImages {
  pinned: string[];
}

/** Of a Dockerfile, and of an ignore file: larger ones are neither asked for their images nor built. */
export const mostDockerfileBytes = 262_144;

interface Instruction {
  name: string;
  text: string;
}

/**
 * The images that a Dockerfile takes files from by a name that may move: `FROM`, `COPY --from`, `RUN --mount from=`. Those pinned by
 * digest are left out, since their name never means anything else. Only what is sure is told: a name that depends on what the builder
 * alone knows is `untold`.
 */
export function baseImages(dockerfile: string, args: Readonly<Record<string, string>>): BaseImages {
  const { references, untold } = namedImages(dockerfile, args);
  return { references, untold };
}

/** All images that a Dockerfile takes files from. */
export function namedImages(dockerfile: string, args: Readonly<Record<string, string>>): NamedImages {
  const values = new Map<string, string>();
  const stages = new Set<string>();
  const found = { references: new Set<string>(), pinned: new Set<string>(), untold: new Set<string>() };
  const use = (written: string, image: string | undefined) => {
    if (image === undefined || image === '') return void found.untold.add(`what \`${written}\` stands for`);
    if (image === 'scratch' || stages.has(image.toLowerCase()) || /^\d+$/.test(image)) return;
    found[image.includes('@') ? 'pinned' : 'references'].add(fullReference(image));
  };
  let froms = 0;
  const { instructions, unended } = instructionsOf(dockerfile);
  if (unended !== undefined) found.untold.add(`where the text that ends with ${unended} ends`);
  for (const { name, text } of instructions) {
    // Only what is declared before the first FROM can stand in one.
    if (name === 'ARG' && froms === 0) for (const word of wordsOf(text)) declare(values, word, args);
    if (name === 'FROM') {
      const [written = '', as, stage] = wordsOf(text).filter((word) => !word.startsWith('--'));
      use(written, substitute(written, values));
      if (as?.toLowerCase() === 'as' && stage !== undefined) stages.add(stage.toLowerCase());
      froms += 1;
    } else {
      for (const image of takenFrom(name, text)) use(image, image.includes('$') ? undefined : image);
    }
  }
  return { references: [...found.references], pinned: [...found.pinned], untold: [...found.untold] };
}

function takenFrom(name: string, text: string): string[] {
  if (name === 'COPY' || name === 'ADD') return [...text.matchAll(/(?:^|\s)--from=(\S+)/g)].map(([, image]) => image!);
  if (name !== 'RUN') return [];
  return [...text.matchAll(/--mount=(\S+)/g)].flatMap(([, mount]) =>
    mount!.split(',').flatMap((part) => (part.startsWith('from=') ? [part.slice('from='.length)] : [])),
  );
}

const wordsOf = (text: string) => text.split(/\s+/).filter(Boolean);

/** Instructions in their order: lines joined where they go on, without comments and here-documents. */
function instructionsOf(dockerfile: string): { instructions: Instruction[]; unended: string | undefined } {
  const escape = escapeOf(dockerfile);
  const instructions: Instruction[] = [];
  let open = '';
  // Ends of the here-documents of one line, and which of them comes next: there may be very many.
  let ends: string[] = [];
  let next = 0;
  for (const line of dockerfile.split(/\r?\n/)) {
    if (next < ends.length) {
      if (line.replace(/^\t+/, '') === ends[next]) next += 1;
      continue;
    }
    if (/^\s*(#|$)/.test(line)) continue;
    const goesOn = line.trimEnd().endsWith(escape);
    open += goesOn ? `${line.trimEnd().slice(0, -1)} ` : line;
    if (goesOn) continue;
    const name = /^\w+/.exec(open.trimStart())?.[0] ?? '';
    const text = open.trimStart().slice(name.length).trimStart();
    [ends, next] = [/^(RUN|COPY|ADD)$/i.test(name) ? hereDocuments(text) : [], 0];
    instructions.push({ name: name.toUpperCase(), text });
    open = '';
  }
  return { instructions, unended: ends[next] };
}

function hereDocuments(text: string): string[] {
  return [...text.matchAll(/(?<!<)<<-?(["']?)([A-Za-z_]\w*)\1/g)].map(([, , word]) => word!);
}
