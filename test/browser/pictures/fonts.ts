import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { programFromPackage } from '../../../lab/services/debian-program.ts';

/** Those that the pages were drawn with, out of Debian's packages, so that pictures look the same wherever they are taken. */
const packages = [
  { package: 'fonts-inter', path: 'usr/share/fonts/opentype/inter' },
  { package: 'fonts-jetbrains-mono', path: 'usr/share/fonts/truetype/jetbrains-mono' },
];

/** Variables with which a browser has these fonts and no others; none where there is no apt: it has the machine's own. */
export async function fontsFor(directory: string, progress: (line: string) => void): Promise<Record<string, string>> {
  const places: string[] = [];
  for (const one of packages) {
    const place = await programFromPackage(one, progress);
    if (place === undefined) return {};
    places.push(place);
  }
  await mkdir(directory, { recursive: true });
  const file = join(directory, 'fonts.conf');
  const known = [...places.map((place) => `<dir>${place}</dir>`), `<cachedir>${join(directory, 'cache')}</cachedir>`];
  await writeFile(file, `<?xml version="1.0"?>\n<fontconfig>\n${known.join('\n')}\n${usual}\n</fontconfig>\n`);
  return { FONTCONFIG_FILE: file };
}

const usual = ['sans-serif', 'system-ui', 'monospace']
  .map((family) => {
    const font = family === 'monospace' ? 'JetBrains Mono' : 'Inter';
    return `<alias><family>${family}</family><prefer><family>${font}</family></prefer></alias>`;
  })
  .join('\n');
