import { commonBranch } from './branches.ts';
import type { Pipeline } from './load.ts';
import { problemLimit } from './problem.ts';
import type { Finding, Path } from './problem.ts';

interface Entry {
  environment: string;
  pattern: string;
  path: Path;
}

/** Files that people write have some dozens of branches; what is beyond is not looked at in pairs. */
const mostEntries = 300;

/** Branches of two environments. Who releases one must name the environment, which no push does. */
export function overlaps(pipeline: Pipeline): Finding[] {
  const entries = Object.entries(pipeline.content.environments)
    .flatMap(([environment, { branches }]): Entry[] =>
      branches.map((pattern, index) => ({
        environment,
        pattern,
        path: ['environments', environment, 'branches', index],
      })),
    )
    .slice(0, mostEntries);
  return entries
    .flatMap((entry, index) => entries.slice(0, index).flatMap((earlier) => overlap(pipeline, earlier, entry)))
    .slice(0, problemLimit);
}

function overlap(pipeline: Pipeline, earlier: Entry, entry: Entry): Finding[] {
  if (earlier.environment === entry.environment) return [];
  const common = commonBranch(earlier.pattern, entry.pattern);
  if (common === undefined) return [];
  const place = `${pipeline.file}:${pipeline.locate(earlier.path).line}`;
  const other = `\`${earlier.environment}\` (${place})`;
  const same = earlier.pattern === entry.pattern;
  return [
    {
      path: entry.path,
      message: same
        ? `\`${entry.pattern}\` is released to ${other} as well`
        : `branches${common === '' ? '' : ` such as \`${common}\``} fit \`${entry.pattern}\`, and \`${earlier.pattern}\` of ${other}`,
      hint: 'such a release is refused unless it names its environment: `slipway deploy --environment NAME`',
    },
  ];
}
