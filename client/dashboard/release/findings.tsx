import type { FindingEvidence } from '../../../domain/contract/kept-evidence.ts';
import { visible } from '../../../domain/visible.ts';
import { toneOfFinding } from '../words/evidence.ts';

/** What a scan has found, the worst first, and what an exception of the policy excuses, until when. */
export function Findings({ gate, findings }: { gate: string; findings: readonly FindingEvidence[] }) {
  return (
    <table className="grid cards">
      <caption className="vh">What the {gate} has found</caption>
      <thead>
        <tr>
          <th scope="col">Finding</th>
          <th scope="col">Severity</th>
          <th scope="col">Package</th>
          <th scope="col">Fixed in</th>
          <th scope="col">Waived by</th>
        </tr>
      </thead>
      <tbody>
        {findings.map((finding, index) => (
          <tr key={`${index} ${finding.id}`}>
            <th scope="row">{visible(finding.id)}</th>
            <td data-th="Severity">
              <span className="tone" data-tone={toneOfFinding(finding)}>
                {finding.severity.toLowerCase()}
              </span>
            </td>
            <td data-th="Package">{visible(finding.where)}</td>
            <td data-th="Fixed in">
              {finding.fixedIn === undefined ? <span className="ink-3">no fix</span> : visible(finding.fixedIn)}
            </td>
            <td data-th="Waived by">
              {finding.waivedBy && `${visible(finding.waivedBy.reason)}, until ${visible(finding.waivedBy.expires)}`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
