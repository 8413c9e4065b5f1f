import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { meQuestion } from '../gateway/questions.ts';
import { Choice } from '../parts/filters.tsx';
import type { Named } from '../words/address.ts';
import { namesIn } from '../words/lane-names.ts';

/** Of which service and environment: among the lanes that somebody may look at. */
export function Filters({ search }: { search: Named }) {
  const { data: me } = useQuery(meQuestion);
  const navigate = useNavigate();
  const choiceOf = (name: 'service' | 'environment') => ({
    of: namesIn(me?.grants ?? [], name),
    value: search[name],
    choose: (text: string) => void navigate({ to: '/insights', search: { ...search, [name]: text } }),
  });
  return (
    <div className="filters">
      <Choice label="Service" all="All services" {...choiceOf('service')} />
      <Choice label="Environment" all="Production" {...choiceOf('environment')} />
    </div>
  );
}
