import { useQuery } from '@tanstack/react-query';
import { meQuestion } from '../gateway/questions.ts';
import { namesIn } from '../words/lane-names.ts';
import { Choice, useFilters } from './filters.tsx';

/** Which service, and where: of what somebody may look at. With what else a page filters by. */
export function LaneFilter({ label, children }: { label: string; children?: React.ReactNode }) {
  const { data: me } = useQuery(meQuestion);
  const { named, set, clear } = useFilters();
  const grants = me?.grants ?? [];
  const isFiltered = Object.values(named).some((text) => text !== '');
  return (
    <form className="filters" role="search" aria-label={label} onSubmit={(event) => event.preventDefault()}>
      <Choice
        label="Service"
        all="All services"
        of={namesIn(grants, 'service')}
        value={named['service']}
        choose={(text) => set('service', text)}
      />
      <Choice
        label="Environment"
        all="All environments"
        of={namesIn(grants, 'environment')}
        value={named['environment']}
        choose={(text) => set('environment', text)}
      />
      {children}
      {isFiltered && (
        <button type="button" className="btn btn-quiet" onClick={clear}>
          Show all
        </button>
      )}
    </form>
  );
}
