import { useQuery } from '@tanstack/react-query';
import type { LaneOverview } from '../../../domain/contract/overview.ts';
import { meQuestion } from '../gateway/questions.ts';
import { Command } from '../parts/command.tsx';
import { Panel } from '../parts/panel.tsx';
import { whyNothing } from '../words/beginning.ts';

/** Nothing was released yet: how the first release is started. */
export function Beginning({ lanes }: { lanes: readonly LaneOverview[] }) {
  const { data: me } = useQuery(meQuestion);
  const { says, next, command } = whyNothing(lanes, me);
  return (
    <Panel title="Nothing runs yet">
      <div className="body stack">
        <p>
          {says} {next}
        </p>
        {command !== undefined && <Command line={command} />}
      </div>
    </Panel>
  );
}
