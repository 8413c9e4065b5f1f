import { Fragment } from 'react';
import { Link } from '@tanstack/react-router';
import type { ChainedEntry } from '../../../domain/audit-chain.ts';
import type { AuditProof } from '../../../domain/audit-proven.ts';
import { Hash } from '../parts/hash.tsx';
import { Time } from '../parts/when.tsx';
import { missingBetween, rowInWords } from '../words/audit.ts';
import type { Fact } from '../words/audit.ts';
import { foundAt } from '../words/checked.ts';
import { exactly } from '../words/times.ts';

interface Shown {
  rows: readonly ChainedEntry[];
  chain: string;
  /** All between the first and the last of them are shown: a number that is missing is none that was left out. */
  isWhole: boolean;
  /** What checking has found. */
  proof: AuditProof | undefined;
  /** The number of the last row, by the records. */
  last: number;
}

/** Who has done what, when; as words, and as it is stored where somebody wants to see that. */
export function Rows({ rows, chain, isWhole, proof, last }: Shown) {
  return (
    <table className="grid cards audit-rows">
      <caption className="vh">Rows of the audit of {chain}, the newest first</caption>
      <thead>
        <tr>
          <th scope="col" className="r">
            No.
          </th>
          <th scope="col">When</th>
          <th scope="col">What</th>
          <th scope="col">Who</th>
          <th scope="col">Facts</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => {
          const newer = rows[index - 1]?.n ?? last + 1;
          const gap = isWhole ? missingBetween(newer, row.n) : undefined;
          return (
            <Fragment key={`${row.n} ${row.hash}`}>
              {gap !== undefined && <Gap says={gap} />}
              <Row row={row} found={foundAt(proof, chain, row.n)} />
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

function Gap({ says }: { says: string }) {
  return (
    <tr data-tone="stop">
      <td />
      <th scope="row" colSpan={4}>
        {says}
      </th>
    </tr>
  );
}

function Row({ row, found }: { row: ChainedEntry; found: string | undefined }) {
  const { what, how, who, run, facts, isNo } = rowInWords(row);
  return (
    <tr data-row {...(found !== undefined && { 'data-tone': 'stop' })}>
      <td className="r ink-3" data-th="No.">
        {row.n}
      </td>
      <td className="nowrap ink-2" data-th="When">
        <Time at={row.at}>{exactly(row.at)}</Time>
      </td>
      <th scope="row">
        {what}
        {how !== undefined && (
          <span className={isNo ? 'tone' : 'ink-3'} {...(isNo && { 'data-tone': 'stop' })}>{`, ${how}`}</span>
        )}
        {found !== undefined && <span className="words"> {found}</span>}
      </th>
      <td className="who" data-th="Who">
        {run === undefined ? (
          who
        ) : (
          <Link to="/runs/$" params={{ _splat: run }}>
            {who}
          </Link>
        )}
      </td>
      <td data-th="Facts">
        {facts.map((fact) => (
          <Told key={fact.name} fact={fact} />
        ))}
      </td>
    </tr>
  );
}

function Told({ fact: { name, text, isHash, at } }: { fact: Fact }) {
  return (
    <span className="fact">
      <span className="ink-3">{name}</span>{' '}
      {at !== undefined ? <Time at={at}>{exactly(at)}</Time> : isHash ? <Hash whole={text} /> : text}
    </span>
  );
}
