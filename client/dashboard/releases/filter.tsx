import { Choice, Text, useFilters } from '../parts/filters.tsx';
import { LaneFilter } from '../parts/lane-filter.tsx';
import { knownOutcomes, sinceChoices } from '../words/history.ts';

const open = [
  { text: 'true', words: 'not ended' },
  { text: 'false', words: 'ended' },
];

/** All that a list of releases may be asked by. It stands in the address, to be sent to somebody. */
export function HistoryFilter() {
  const { named, set } = useFilters();
  const of = (name: string) => ({ value: named[name], choose: (text: string) => set(name, text) });
  return (
    <LaneFilter label="Filter the releases">
      <Choice label="Outcome" all="Any outcome" of={knownOutcomes} {...of('outcome')} />
      <Choice label="Ended" all="Ended or not" of={open} {...of('open')} />
      <Choice label="Since" all="Any time" of={sinceChoices} {...of('since')} />
      <Text label="Asked by" hint="a person" {...of('by')} />
      <Text label="Commit" hint="its first 4 or more" {...of('commit')} />
    </LaneFilter>
  );
}
