import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { meQuestion } from '../gateway/questions.ts';
import type { Named } from '../words/address.ts';
import { namesIn } from '../words/insights.ts';

/** Of which service and environment: among the lanes that somebody may look at. */
export function Filters({ search }: { search: Named }) {
  const { data: me } = useQuery(meQuestion);
  const grants = me?.grants ?? [];
  return (
    <div className="facts pick">
      <Choice name="service" label="Service" all="All services" names={namesIn(grants, 'service')} search={search} />
      <Choice
        name="environment"
        label="Environment"
        all="Production"
        names={namesIn(grants, 'environment')}
        search={search}
      />
    </div>
  );
}

interface ChoiceProps {
  name: 'service' | 'environment';
  label: string;
  all: string;
  names: readonly string[];
  search: Named;
}

/** What an address names is there, also where nobody has it any more. */
function Choice({ name, label, all, names, search }: ChoiceProps) {
  const navigate = useNavigate();
  const chosen = search[name] ?? '';
  const shown = chosen === '' || names.includes(chosen) ? names : [chosen, ...names];
  return (
    <label>
      {label}{' '}
      <select
        value={chosen}
        onChange={({ target: { value } }) => void navigate({ to: '/insights', search: { ...search, [name]: value } })}
      >
        <option value="">{all}</option>
        {shown.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  );
}
