import { mostChanged } from '../../../activities/records/port.ts';
import type { Records } from '../../../activities/records/port.ts';
import type { LastVerified } from '../../../domain/overview.ts';
import type { LaneKey } from '../../../domain/contract/names.ts';
import type { memoryInventory } from './inventory.ts';
import { answering, laneName } from './stored.ts';

export function memoryLanesAtOnce({
  inventory,
  touched,
  closings,
  attempts,
}: Pick<Records, 'touched' | 'closings' | 'attempts'> & {
  inventory: ReturnType<typeof memoryInventory>;
}): Records['lanesAtOnce'] {
  const rowsOf = (lane: LaneKey) => inventory.rows().filter((row) => laneName(row) === laneName(lane));
  const once = (lanes: readonly LaneKey[]) => [...new Map(lanes.map((lane) => [laneName(lane), lane])).values()];
  const byName = (a: readonly string[], b: readonly string[]) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  return {
    used: answering((most) =>
      once(inventory.rows())
        .map(({ service, environment }) => ({ service, environment }))
        .sort((a, b) => byName([a.service, a.environment], [b.service, b.environment]))
        .slice(0, most),
    ),
    places: answering((lanes) =>
      once(lanes)
        .flatMap((lane) => {
          const places = Map.groupBy(rowsOf(lane), ({ region, component }) => `${region} ${component}`);
          return [...places.values()].map(([last, ...older]): LastVerified => {
            const current = [last!, ...older].find(({ state }) => state !== 'revoked');
            const revokedBecause = inventory.whyRevoked(last!);
            return {
              last: last!,
              ...(current && { current }),
              ...(revokedBecause !== undefined && { revokedBecause }),
            };
          });
        })
        .sort(({ last: a }, { last: b }) =>
          byName([a.service, a.environment, a.region, a.component], [b.service, b.environment, b.region, b.component]),
        ),
    ),
    async changedSince(lanes) {
      const pages = await Promise.all(lanes.map((lane) => touched.list(lane)));
      return pages.flatMap(({ runs }) => runs.slice(0, mostChanged));
    },
    closingsCounted: async (lanes) =>
      Promise.all(
        lanes.map(async (lane) => {
          const { orders, holds } = await closings.list(lane);
          return `${orders.length} ${holds.length}`;
        }),
      ),
    closings: (lanes) => Promise.all(lanes.map((lane) => closings.list(lane))),
    verifiedSince: answering((asked) =>
      asked.map((one) => {
        const rows = rowsOf(one).filter(({ state }) => state !== 'revoked');
        const places = [...Map.groupBy(rows, ({ region, component }) => `${region} ${component}`).values()];
        const found = places
          .map((there) => ({ there, seen: there.find(({ commit }) => commit === one.commit)?.verifiedAt }))
          .filter(({ seen }) => seen !== undefined)
          .sort((a, b) => b.there[0]!.verifiedAt - a.there[0]!.verifiedAt || a.seen! - b.seen!);
        const [place] = found;
        const later = place?.there.filter(({ verifiedAt }) => verifiedAt > place.seen!);
        return later && new Set(later.map(({ commit }) => commit)).size;
      }),
    ),
    async askedFor(releaseIds) {
      const found = await Promise.all(releaseIds.map((id) => attempts.find(id)));
      return found.flatMap((one) =>
        one ? [{ releaseId: one.releaseId, number: one.number, by: one.request.requestedBy.id }] : [],
      );
    },
  };
}
