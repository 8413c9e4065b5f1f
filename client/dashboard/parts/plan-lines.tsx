import type { PlanLine } from '../../../domain/plan-differences.ts';
import { planSections } from '../../../domain/plan-words.ts';

/** Lines of a plan beside another, section by section: what was, and what is. */
export function PlanLines({ lines, caption }: { lines: readonly PlanLine[]; caption: string }) {
  return (
    <table className="diff">
      <caption className="vh">{caption}</caption>
      <colgroup>
        <col className="sign" />
        <col />
      </colgroup>
      {planSections.map((section) => (
        <Section key={section} name={section} lines={lines.filter((line) => line.section === section)} />
      ))}
    </table>
  );
}

function Section({ name, lines }: { name: string; lines: readonly PlanLine[] }) {
  if (lines.length === 0) return null;
  return (
    <tbody>
      <tr className="file">
        <th colSpan={2} scope="rowgroup">
          {name}
        </th>
      </tr>
      {lines.map((line) => (
        <Line key={line.what} line={line} />
      ))}
    </tbody>
  );
}

function Line({ line: { what, before, after, note, always } }: { line: PlanLine }) {
  // What it found for itself is compared with nothing: it is no news.
  if (always || before === after)
    return (
      <tr>
        <td />
        <td>
          {what}: {after}
        </td>
      </tr>
    );
  return (
    <>
      {before !== undefined && (
        <tr className="minus">
          <td>
            −<span className="vh">was</span>
          </td>
          <td>
            <del>
              {what}: {before}
            </del>
          </td>
        </tr>
      )}
      {after !== undefined && (
        <tr className="plus">
          <td>
            +<span className="vh">is</span>
          </td>
          <td>
            <ins>
              {what}: {after}
            </ins>{' '}
            {note}
          </td>
        </tr>
      )}
    </>
  );
}
