import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { shortName } from '../../../domain/short-names.ts';
import { Hash } from '../parts/hash.tsx';
import { Panel } from '../parts/panel.tsx';
import type { ComparedComponent } from '../words/compare.ts';

interface Shown {
  components: readonly ComparedComponent[];
  a: ReleaseView;
  b: ReleaseView;
}

/** The image of each component in both, and which variables are other, by name. */
export function Components({ components, a, b }: Shown) {
  return (
    <Panel title="Components" note="variables by name, never by value">
      <table className="grid cards">
        <thead>
          <tr>
            <th scope="col">Component</th>
            <th scope="col">{shortName(a)}</th>
            <th scope="col">{shortName(b)}</th>
            <th scope="col" className="fit">
              Image
            </th>
            <th scope="col">Variables</th>
          </tr>
        </thead>
        <tbody>
          {components.map((component) => (
            <Component key={component.name} of={component} />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function Component({ of: { name, before, after, sameness, note, variables } }: { of: ComparedComponent }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td data-th="Before">{before !== undefined && <Hash whole={before} />}</td>
      <td data-th="After">{after !== undefined && <Hash whole={after} />}</td>
      <td data-th="Image" className="nowrap">
        {sameness === 'same' ? <span className="ink-3">same</span> : <b>{sameness}</b>}
      </td>
      <td data-th="Variables">
        {note}
        {variables.length === 0 && note === undefined && <span className="ink-3">none differs</span>}
        {variables.map((variable) => (
          <div key={variable.name}>
            <code>{variable.name}</code> <span className="ink-2 small">{variable.sameness}</span>
          </div>
        ))}
      </td>
    </tr>
  );
}
