import type { RegionPreview } from '../../../domain/contract/gateway.ts';
import { Hash } from '../parts/hash.tsx';

/** What each component of a region runs, and goes back to. */
export function Targets({ of }: { of: RegionPreview }) {
  if (of.kind === 'refused') return null;
  return (
    <table className="grid">
      <thead>
        <tr>
          <th scope="col">In {of.region}</th>
          <th scope="col">This release</th>
          <th scope="col">Goes back to</th>
        </tr>
      </thead>
      <tbody>
        {of.targets.map(({ component, from, image, otherVariables }) => (
          <tr key={component}>
            <th scope="row">{component}</th>
            <td>{from !== undefined && <Hash whole={from} />}</td>
            <td>
              {from === image ? (
                `the same${otherVariables ? ', with its variables of then' : ''}`
              ) : (
                <Hash whole={image} />
              )}
            </td>
          </tr>
        ))}
        {of.newcomers?.map((component) => (
          <tr key={component}>
            <th scope="row">{component}</th>
            <td colSpan={2}>new there: it stays as it is</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
