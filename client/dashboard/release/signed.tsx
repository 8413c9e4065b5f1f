import type { PlanView, VerifiedBeside } from '../../../domain/contract/gateway.ts';
import { Hash } from '../parts/hash.tsx';
import { imagesComparedInWords } from '../words/compared.ts';
import { planInShort } from '../words/plan-images.ts';

/** What an approval puts where, in short: each component's image, beside what is verified there. */
export function Signed({
  plan,
  beside,
  before,
  hash,
}: {
  plan: PlanView;
  beside: VerifiedBeside;
  /** What is verified in each place; undefined where that is not known. */
  before: ReadonlyMap<string, string> | undefined;
  hash: string;
}) {
  const { images, also } = planInShort(plan, beside, before);
  return (
    <>
      <p>
        Plan <Hash whole={hash} /> <span className="ink-3">{imagesComparedInWords(beside, before !== undefined)}</span>
      </p>
      <table className="grid cards signed">
        <caption className="vh">Images of this plan, beside what is verified there</caption>
        <thead>
          <tr>
            <th scope="col">Component</th>
            <th scope="col">Verified</th>
            <th scope="col">This plan</th>
            <th scope="col">Changes</th>
          </tr>
        </thead>
        <tbody>
          {images.map(({ component, image, before: verified, says }) => (
            <tr key={component}>
              <th scope="row">{component}</th>
              <td data-th="Verified">
                {verified.map((one) => (
                  <div key={one}>
                    <Hash whole={one} />
                  </div>
                ))}
              </td>
              <td data-th="This plan">
                <Hash whole={image} />
              </td>
              <td data-th="Changes">{says}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {also.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </>
  );
}
