import { State } from '../parts/state.tsx';
import type { Voter } from '../words/voters.ts';

export function Voters({ voters }: { voters: readonly Voter[] }) {
  return (
    <ul className="votes">
      {voters.map(({ id, about, shown }) => (
        <li key={id}>
          <span className="me" aria-hidden="true">
            {id.charAt(0).toUpperCase()}
          </span>
          <div>
            <b className="who">{id}</b>
            <small>{about}</small>
          </div>
          {shown && <State shown={shown} />}
        </li>
      ))}
    </ul>
  );
}
