import { escapeOf } from './dockerfile-directives.ts';
import { declare, fullReference, isReference, substitute } from './dockerfile-names.ts';
import { head } from './whole-text.ts';

/** A Dockerfile of which all is known that it takes from images. */
export interface ExactDockerfile {
  /** In full form, by tag or by digest. */
  images: string[];
  /** The same file with the images by other names, each instruction on one line and nothing beside: no two builders read it differently. */
  written(nameOf: (image: string) => string): string;
}

export type ExactReading = ExactDockerfile | { problem: string };

/** A word of an instruction: as it stands, or an image with what is before and behind its name. */
type Part = string | { before: string; image: string; after: string };

/** What each instruction may say of itself. One that is not here is not taken: `ONBUILD` is an instruction in disguise. */
const flagsOf: Record<string, readonly string[]> = {
  FROM: ['platform'],
  COPY: ['from', 'chown', 'chmod', 'link', 'parents', 'exclude'],
  ADD: ['chown', 'chmod', 'link', 'checksum', 'keep-git-dir', 'unpack', 'exclude'],
  RUN: ['mount', 'network'],
  HEALTHCHECK: ['interval', 'timeout', 'start-period', 'start-interval', 'retries'],
  ...Object.fromEntries(
    'ARG CMD ENTRYPOINT ENV EXPOSE LABEL MAINTAINER SHELL STOPSIGNAL USER VOLUME WORKDIR'
      .split(' ')
      .map((name) => [name, []]),
  ),
};

/**
 * Reads a Dockerfile to the last word that can name an image. Builders differ in where lines go on, what is a space, what a quoted flag is and
 * where a here-document ends: whatever two of them may read differently is no exact reading, and neither is a name that cannot be told.
 */
export function readExactly(dockerfile: string, args: Readonly<Record<string, string>>): ExactReading {
  try {
    const escape = escapeOf(dockerfile);
    const lines = new Instructions(args);
    for (const instruction of instructionsOf(dockerfile, escape)) lines.add(instruction, escape);
    const images = lines.read.flat().flatMap((part) => (typeof part === 'string' ? [] : [part.image]));
    return {
      images: [...new Set(images)],
      written: (nameOf) =>
        [
          ...(escape === '`' ? ['# escape=`'] : []),
          ...lines.read.map((parts) =>
            parts
              .map((part) => (typeof part === 'string' ? part : `${part.before}${nameOf(part.image)}${part.after}`))
              .join(' '),
          ),
          '',
        ].join('\n'),
    };
  } catch (error) {
    if (error instanceof Unclear) return { problem: error.message };
    throw error;
  }
}

/** Ends the reading. Never leaves this file. */
class Unclear extends Error {}

/** What one builder takes for a space, or for nothing, and another does not. */
const odd = /[^\P{Cc}\t]|[^\P{Z} ]|\uFEFF/u;

/** Instructions in their order: lines joined where they go on, without comments. */
function instructionsOf(dockerfile: string, escape: string): string[] {
  const found: string[] = [];
  let open = '';
  for (const line of dockerfile.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    if (/^[ \t]*(#|$)/.test(line)) continue;
    if (odd.test(line)) throw new Unclear('a line has a character that does not show, or an unusual space');
    const ended = line.trimEnd();
    if (ended.endsWith(escape + escape)) throw new Unclear(`a line ends with ${escape}${escape}: end it otherwise`);
    const goesOn = ended.endsWith(escape);
    open += goesOn ? ended.slice(0, -1) : line;
    if (goesOn) continue;
    found.push(open.trim());
    open = '';
  }
  return [...found, open.trim()].filter((instruction) => instruction !== '');
}

class Instructions {
  readonly read: Part[][] = [];
  private readonly values = new Map<string, string>();
  private readonly args: Readonly<Record<string, string>>;
  private readonly stages = new Map<string, number>();
  private froms = 0;

  constructor(args: Readonly<Record<string, string>>) {
    this.args = args;
  }

  add(instruction: string, escape: string): void {
    const [word = ''] = instruction.split(/[ \t]/, 1);
    const name = word.toUpperCase();
    const known = Object.hasOwn(flagsOf, name) ? flagsOf[name]! : undefined;
    if (known === undefined) throw new Unclear(`${head(word, 40)} is not an instruction that is taken`);
    if (instruction.endsWith(escape)) throw new Unclear(`${name} ends with ${escape}`);
    const { flags, rest } = flagsIn(instruction.slice(word.length).trimStart(), known, name);
    if (/^(RUN|COPY|ADD)$/.test(name) && instruction.includes('<<'))
      throw new Unclear(`${name} has a text within the Dockerfile (\`<<\`): write it to a file and COPY that`);
    if (name === 'FROM') return void this.read.push(['FROM', ...flags, ...this.from(rest)]);
    // Only what is declared before the first FROM can stand in one.
    if (name === 'ARG' && this.froms === 0)
      for (const declared of rest.split(/[ \t]+/)) declare(this.values, declared, this.args);
    this.read.push([name, ...flags.map((flag) => this.taking(name, flag)), ...(rest === '' ? [] : [rest])]);
  }

  private from(rest: string): Part[] {
    const [written = '', as, stage, ...more] = rest.split(/[ \t]+/);
    const named = as !== undefined;
    if (more.length > 0 || (named && (as.toUpperCase() !== 'AS' || !/^[a-z][\w.-]*$/i.test(stage ?? ''))))
      throw new Unclear(`\`FROM ${head(rest, 200)}\` is neither \`FROM image\` nor \`FROM image AS name\``);
    const image = substitute(written, this.values);
    if (image === undefined)
      throw new Unclear(
        `it cannot be told what \`FROM ${head(written, 200)}\` stands for: give the ARG before it a default, or a value in \`args\``,
      );
    const base = image === 'scratch' ? image : (this.earlier(image) ?? partOf(image, 'FROM'));
    this.froms += 1;
    if (stage === undefined) return [base];
    if (stage.toLowerCase() === 'scratch') throw new Unclear('a stage cannot be named scratch');
    this.stages.set(stage.toLowerCase(), this.froms - 1);
    return [base, 'AS', stage.toLowerCase()];
  }

  /** A flag, which of COPY and RUN may name an image. */
  private taking(name: string, flag: string): Part {
    if (name === 'COPY' && flag.startsWith('--from=')) return this.taken('--from=', flag.slice('--from='.length), '');
    if (name === 'RUN' && /^--network/.test(flag) && !/^--network=(none|default)$/.test(flag))
      throw new Unclear(`RUN has \`${head(flag, 200)}\`, which is not taken`);
    if (name !== 'RUN' || !flag.startsWith('--mount=')) return flag;
    const fields = flag.slice('--mount='.length).split(',');
    const at = fields.findIndex((field) => /^from=/i.test(field));
    if (at < 0) return flag;
    const after = fields.slice(at + 1);
    if (after.some((field) => /^from=/i.test(field))) throw new Unclear(`${head(flag, 200)} says \`from\` twice`);
    const before = ['--mount=', ...fields.slice(0, at).map((field) => `${field},`), 'from='].join('');
    return this.taken(before, fields[at]!.slice('from='.length), after.map((field) => `,${field}`).join(''));
  }

  private taken(before: string, written: string, after: string): Part {
    if (written.includes('$'))
      throw new Unclear(
        `it cannot be told what \`from=${head(written, 200)}\` stands for: name a stage, and the image in its FROM`,
      );
    const index = /^(0|[1-9]\d{0,3})$/.test(written) ? Number(written) : undefined;
    const stage = index !== undefined && index < this.froms - 1 ? written : this.earlier(written, this.froms - 1);
    return stage === undefined ? { ...partOf(written, 'from'), before, after } : `${before}${stage}${after}`;
  }

  /** The stage of that name, of those before `end`. */
  private earlier(name: string, end = this.froms): string | undefined {
    const place = this.stages.get(name.toLowerCase());
    return place !== undefined && place < end ? name.toLowerCase() : undefined;
  }
}

function partOf(written: string, where: string): Exclude<Part, string> {
  const image = fullReference(written);
  if (!isReference(image)) throw new Unclear(`\`${head(written, 200)}\` in ${where} is not the name of an image`);
  return { before: '', image, after: '' };
}

/** All builders take leading words that begin with `--` for flags; what they make of quotes and escapes in them is their own. */
function flagsIn(text: string, known: readonly string[], name: string): { flags: string[]; rest: string } {
  const flags: string[] = [];
  let rest = text;
  while (rest.startsWith('--')) {
    const [flag = ''] = rest.split(/[ \t]/, 1);
    const [, key = ''] = /^--([a-z-]+)(?:=[!#-&(-[\]-_a-~]*)?$/.exec(flag) ?? [];
    if (!known.includes(key)) throw new Unclear(`${name} has \`${head(flag, 200)}\`, which is not taken`);
    flags.push(flag);
    rest = rest.slice(flag.length).trimStart();
  }
  return { flags, rest };
}
