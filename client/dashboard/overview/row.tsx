import { memo } from 'react';
import { pageOfRun } from '../../../domain/page-address.ts';
import { plural } from '../../cli/words.ts';
import { Icon } from '../parts/icon.tsx';
import { State } from '../parts/state.tsx';
import { Time } from '../parts/when.tsx';
import { inLargest } from '../words/times.ts';
import { lanePath } from './use-plain-links.ts';
import { titleOf, whatIsIn } from '../words/matrix.ts';
import type { Cell, Placed, Row } from '../words/matrix.ts';

/** A row that shows the same as before is not worked out again: of two hundred few are others, five seconds later. */
export const MatrixRow = memo(
  function MatrixRow({ row, now }: { row: Row; now: number }) {
    return (
      <tr data-row>
        <Service row={row} />
        {row.cells.map((placed) => (
          <Place key={`${placed.environment} ${placed.regions[0] ?? ''}`} placed={placed} now={now} />
        ))}
      </tr>
    );
  },
  (before, after) => before.row.key === after.row.key && before.now === after.now,
);

function Service({ row: { service, environment, components, closed } }: { row: Row }) {
  return (
    <th scope="row">
      <a href={lanePath(service, environment)}>{service}</a>
      {closed.length === 0 && components > 0 && <small>{plural(components, 'component')}</small>}
      {closed.map(({ environment: where, closed: { kind, by, reason } }) => (
        <small key={where} className="tone" title={`${by}: ${reason}`}>
          <Icon name={kind === 'hold' ? 'lock' : 'snow'} />{' '}
          <a href={lanePath(service, where)}>
            {where} {kind === 'hold' ? 'on hold' : 'frozen'}
          </a>
        </small>
      ))}
    </th>
  );
}

const toLookAt = ['held', 'waiting', 'unknown', 'revoked'];

function Place({ placed: { environment, regions, span, cell, isCalm }, now }: { placed: Placed; now: number }) {
  const isException = cell !== undefined && toLookAt.includes(cell.state);
  const classes = [isException ? 'exc' : '', isCalm ? 'calm' : '', regions.length > 0 ? 'env' : ''].filter(Boolean);
  return (
    <td
      colSpan={span}
      className={classes.join(' ')}
      data-in={[environment, regions.join(' and ')].filter(Boolean).join(', ')}
      {...(isException && { 'data-state': cell.state })}
    >
      {cell ? (
        <Shown cell={cell} now={now} />
      ) : (
        <span className="cell ink-3">
          –<span className="vh">nothing on record</span>
        </span>
      )}
    </td>
  );
}

function Shown({ cell, now }: { cell: Cell; now: number }) {
  const { releaseId, state } = cell;
  if (releaseId === undefined)
    return (
      <span className="cell" data-state={state}>
        <Inside cell={cell} now={now} />
      </span>
    );
  return (
    <a className="cell" data-state={state} href={pageOfRun('', releaseId)}>
      <Inside cell={cell} now={now} />
    </a>
  );
}

function Inside({ cell, now }: { cell: Cell; now: number }) {
  const { shown, by, at, versions, words, behind } = cell;
  return (
    <>
      <span>
        <State shown={shown} />
        {at !== undefined && (
          <span className="ago">
            {by !== '' && <span className="by">{by} · </span>}
            <Time at={at}>{inLargest(now - at)}</Time>
          </span>
        )}
      </span>
      <span title={titleOf(cell)}>
        <span className="v">
          <code>{whatIsIn(cell)}</code> {versions && <span className="vh">{versions.join('; ')}</span>} {words}
        </span>
        {behind !== '' && <span className="off">{behind}</span>}
      </span>
    </>
  );
}
