import type { PlanView, ReleaseView } from '../../../domain/contract/gateway.ts';
import type { ComponentStatus, ReleaseStatus } from '../../../domain/contract/status.ts';
import { Hash } from '../parts/hash.tsx';
import { Lines } from '../parts/lines.tsx';
import { Panel } from '../parts/panel.tsx';
import { State } from '../parts/state.tsx';
import { shownPhase } from '../words/states.ts';
import { duration } from '../words/times.ts';
import { tookOf } from '../words/verdict.ts';
import { placeOf } from '../words/before.ts';
import { goesBack, imagesIn, ownNote, placesOf, runsNow } from '../words/where.ts';
import type { Place } from '../words/where.ts';

/** Each region with its components: what it is to run, and how far that is. */
export function Where({
  view,
  status,
  plan,
  before,
}: {
  view: ReleaseView;
  status: ReleaseStatus;
  plan: PlanView | undefined;
  before: ReadonlyMap<string, string>;
}) {
  const places = placesOf(status.regions, status.checks, { plan, isOpen: view.open });
  if (places.length === 0) return null;
  const isBack = goesBack(status.regions);
  return (
    <Panel title="What runs where" note="as the run last saw it">
      <table className="grid cards">
        <thead>
          <tr>
            <th scope="col">Region, component</th>
            <th scope="col">Before</th>
            <th scope="col">This release</th>
            {isBack && <th scope="col">{nowInWords(view)}</th>}
            <th scope="col">Checks</th>
            <th scope="col" className="r">
              Took
            </th>
            <th scope="col" className="fit">
              State
            </th>
          </tr>
        </thead>
        {places.map((place) => (
          <Region
            key={place.region.region}
            place={place}
            artifacts={status.artifacts}
            before={before}
            isBack={isBack}
            view={view}
          />
        ))}
      </table>
    </Panel>
  );
}

function Region({
  place: { region, wave, lies, checked },
  artifacts,
  before,
  isBack,
  view,
}: {
  place: Place;
  artifacts: ReleaseStatus['artifacts'];
  before: ReadonlyMap<string, string>;
  isBack: boolean;
  view: ReleaseView;
}) {
  const took = tookOf(region);
  const note = ownNote(region);
  const about = [wave !== undefined ? `wave ${wave}` : '', lies ?? ''].filter(Boolean).join(' · ');
  return (
    <tbody>
      <tr className="group">
        <th scope="rowgroup" colSpan={isBack ? 4 : 3}>
          {region.region.toUpperCase()} <span className="ink-3 small">{about}</span>
          {note !== undefined && (
            <p className="small">
              <Lines text={note} />
            </p>
          )}
        </th>
        <td>{checked}</td>
        <td className="r nowrap" data-th="Took">
          {took !== undefined && duration(took)}
        </td>
        <td>
          <State shown={shownPhase(region.phase)} />
        </td>
      </tr>
      {region.components.map((component) => {
        const { component: name } = component;
        const own = artifacts.find((one) => one.component === name)?.image;
        return (
          <Component
            key={name}
            component={component}
            now={isBack ? { name: nowInWords(view), ...runsNow(component, { own, isOpen: view.open }) } : undefined}
            images={imagesIn(component, artifacts, before.get(placeOf(region.region, name)))}
          />
        );
      })}
    </tbody>
  );
}

function Component({
  component: { component, phase, note },
  images: { before, own },
  now,
}: {
  component: ComponentStatus;
  now: (ReturnType<typeof runsNow> & { name: string }) | undefined;
  images: ReturnType<typeof imagesIn>;
}) {
  const shown = shownPhase(phase);
  return (
    <tr className="sub" {...(shown.tone === 'stop' && { 'data-tone': 'stop' })}>
      <th scope="row">{component}</th>
      <td data-th="Before">{before !== undefined && <Hash whole={before} />}</td>
      <td data-th="This release">
        {before === own ? <span className="ink-3">{sameInWords(phase)}</span> : <Hash whole={own} />}
      </td>
      {now && (
        <td data-th={now.name}>
          {'image' in now ? <Hash whole={now.image} /> : <span className="ink-3">{now.says}</span>}
        </td>
      )}
      <td className={shown.tone === 'stop' ? 'words' : undefined} data-th="Checks">
        {note !== '' && <Lines text={note} />}
      </td>
      <td />
      <td data-th="State">
        <State shown={shown} />
      </td>
    </tr>
  );
}

/** A run that has ended looks no more. */
function nowInWords({ open }: ReleaseView): string {
  return open ? 'Runs now' : 'Left running';
}

/** It is what stood there before: as it was left, or put back. */
function sameInWords(phase: ComponentStatus['phase']): string {
  return phase === 'rolled-back' || phase === 'rolling-back' ? 'as before' : 'unchanged';
}
