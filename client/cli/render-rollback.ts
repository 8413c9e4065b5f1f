import type { RegionPreview, RollbackPreview } from '../../domain/contract/gateway.ts';
import { shortDigest } from '../../domain/images.ts';
import type { Colors } from './cli.ts';
import { table } from './layout.ts';
import { oneLine } from './safe-text.ts';
import { dateAndTime, shortCommit } from './words.ts';

/** What a rollback would put where, and whether the schema lets it, for the person who orders it. Pure. */
export function renderRollback({ regions, refused }: RollbackPreview, { colors }: { colors: Colors }): string[] {
  return [
    ...(refused === undefined ? [] : [`${colors.red('✖ you may not order it:')} ${oneLine(refused)}`]),
    ...regions.flatMap((region) => regionLines(region, colors)),
    colors.dim('By the records as they are now. Whether registries still have the images is asked when it goes back.'),
  ];
}

function regionLines(region: RegionPreview, colors: Colors): string[] {
  const name = colors.bold(oneLine(region.region));
  if (region.kind === 'refused')
    return [`${name}  ${colors.red('✖ does not go back:')} ${oneLine(region.why)}`, `  next: ${oneLine(region.next)}`];
  const rows = region.targets.map(({ component, image, from, commit, verifiedAt, unseen, otherVariables }) => [
    oneLine(component),
    `${from === undefined ? '' : `${oneLine(shortDigest(from))} `}→ ${oneLine(shortDigest(image))}${otherVariables ? ', with its variables of then' : ''}`,
    `commit ${shortCommit(oneLine(commit))}`,
    `${verifiedAt === undefined ? '' : `verified ${dateAndTime(verifiedAt)}`}${unseen ? ', scaled to zero then and never seen running' : ''}`,
  ]);
  const since = [...new Set(region.targets.flatMap(({ schemaSince = [] }) => schemaSince))];
  const schema =
    since.length === 0
      ? 'schema: nothing was done to it since'
      : `schema: changed since, and carries what goes back: ${since.map(oneLine).join('; ')}`;
  const stays = region.newcomers ?? [];
  return [
    name,
    ...table(rows, '  '),
    `  ${schema}`,
    ...(stays.length > 0
      ? [`  ${colors.yellow(`stays as it is, since nothing ran before it: ${stays.map(oneLine).join(', ')}`)}`]
      : []),
  ];
}
