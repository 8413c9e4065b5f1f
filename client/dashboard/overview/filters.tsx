import { useEffect, useState } from 'react';
import { Icon } from '../parts/icon.tsx';
import type { Named } from '../words/address.ts';
import { kinds, soughtIn } from '../words/matrix.ts';
import type { Kind } from '../words/matrix.ts';

const icons: Partial<Record<Kind, string>> = {
  held: 'held',
  waiting: 'waiting',
  deploying: 'deploying',
  unknown: 'unknown',
  revoked: 'revoked',
};

interface Sought {
  search: Named;
  seek: (change: { state?: Kind | undefined; find?: string }) => void;
  all: number;
  counts: Record<Kind, number>;
}

/** By state, with how many services are so, and by words. Of what no service is there is nothing to choose. */
export function Filters({ search, seek, all, counts }: Sought) {
  const { state } = soughtIn(search);
  return (
    <div className="filters">
      <Find text={search['find'] ?? ''} seek={(find) => seek({ find })} />
      <button
        type="button"
        className="chip"
        aria-pressed={state === undefined}
        onClick={() => seek({ state: undefined })}
      >
        All <b>{all}</b>
      </button>
      {kinds
        .filter((kind) => counts[kind] > 0 || kind === state)
        .map((kind) => (
          <button
            key={kind}
            type="button"
            className="chip"
            aria-pressed={state === kind}
            data-state={kind}
            onClick={() => seek({ state: state === kind ? undefined : kind })}
          >
            {icons[kind] !== undefined && <Icon name={icons[kind]} />}
            {kind} <b>{counts[kind]}</b>
          </button>
        ))}
    </div>
  );
}

/** What is typed is shown at once, whatever the address says meanwhile. */
function Find({ text, seek }: { text: string; seek: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  return (
    <div className="find" role="search">
      <Icon name="search" />
      <input
        type="search"
        aria-label="Search services, commits, people"
        placeholder="Show only …"
        maxLength={100}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          seek(target.value);
        }}
      />
    </div>
  );
}
