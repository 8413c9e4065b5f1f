import type { SecondLook } from '../../../domain/second-looks/seen.ts';
import { Icon } from '../parts/icon.tsx';

/** What deserves a second look before anybody says yes, the worst first. */
export function Risks({ looks }: { looks: readonly SecondLook[] }) {
  if (looks.length === 0) return null;
  return (
    <ul className="risks">
      {looks.map(({ what, why }) => (
        <li key={what} data-tone="ask">
          <Icon name="warn" />
          <div>
            <h3>{what}</h3>
            <p>{why}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}
