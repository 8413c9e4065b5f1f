import { useState } from 'react';
import { useNavigate } from '@tanstack/react-router';
import type { Me } from '../../../domain/contract/gateway.ts';
import { placeOf } from '../words/find.ts';
import type { Place } from '../words/find.ts';
import { Icon } from './icon.tsx';

/** Goes to what is written: a service, a lane, a release, a commit, a person. */
export function Find({ me }: { me: Me }) {
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const go = (place: Place) => {
    setText('');
    if (place.to === '/runs/$') return navigate({ to: place.to, params: { _splat: place.id } });
    if (place.to === '/releases') return navigate({ to: place.to, search: place.search });
    const { service, environment } = place;
    return navigate({ to: place.to, params: { service, environment } });
  };
  return (
    <form
      className="find"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const place = placeOf(text, me.grants);
        if (!place) return;
        // Keys are the page's again.
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
        void go(place);
      }}
    >
      <Icon name="search" />
      <input
        type="search"
        aria-label="Search services, releases, commits, people"
        placeholder="Service, commit, person"
        list="known"
        maxLength={300}
        data-key="/"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <kbd>/</kbd>
      <datalist id="known">
        {namesIn(me).map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </form>
  );
}

/** So many are offered: of more, whoever looks for one writes it. */
const mostOffered = 500;

function namesIn({ grants }: Me): string[] {
  const lanes = grants.map(({ service, environment }) => `${service} → ${environment}`);
  return [...new Set([...grants.map(({ service }) => service), ...lanes])].slice(0, mostOffered);
}
