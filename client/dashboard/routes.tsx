import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { beginRun } from './gateway/begin.ts';
import { Frame } from './parts/frame.tsx';
import { Problem } from './parts/problem.tsx';
import { ReleasePage } from './release/page.tsx';
import { namedIn, searchOf } from './words/address.ts';
import type { Named } from './words/address.ts';

/** No page at all: what there is is its title, too. */
function Nothing({ error }: { error: Error }) {
  return (
    <>
      <title>Slipway</title>
      <Problem of="This page" error={error} />
    </>
  );
}

const root = createRootRoute({
  component: Frame,
  errorComponent: ({ error }) => <Nothing error={error as Error} />,
  notFoundComponent: () => <Nothing error={new Error('No page has this address.')} />,
});

const at = <Path extends string>(path: Path) => ({
  getParentRoute: () => root,
  path,
  validateSearch: (search: object) => search as Named,
});

/** The id of a run holds slashes: all that follows is the id. It is the page that somebody waits for: the others come when they are opened. */
const run = createRoute({
  ...at('/runs/$'),
  // Not waited for: the page draws what there is.
  loader: ({ params: { _splat: id = '' } }) => void beginRun(id),
  component: () => {
    const { _splat: id = '' } = run.useParams();
    return <ReleasePage key={id} id={id} />;
  },
});

/** Each page is a file of its own, and so is what it needs. What it is about and filters by stands in its address. */
const pages = [
  createRoute({ ...at('/'), component: lazyRouteComponent(() => import('./overview/page.tsx'), 'Overview') }),
  createRoute({
    ...at('/releases'),
    component: lazyRouteComponent(() => import('./releases/page.tsx'), 'ReleasesPage'),
  }),
  createRoute({ ...at('/compare'), component: lazyRouteComponent(() => import('./compare/page.tsx'), 'ComparePage') }),
  createRoute({ ...at('/lanes'), component: lazyRouteComponent(() => import('./lanes/page.tsx'), 'LanesPage') }),
  createRoute({
    ...at('/lanes/$service/$environment'),
    component: lazyRouteComponent(() => import('./lane/page.tsx'), 'LanePage'),
  }),
  createRoute({
    ...at('/insights'),
    component: lazyRouteComponent(() => import('./insights/page.tsx'), 'InsightsPage'),
  }),
  createRoute({ ...at('/audit'), component: lazyRouteComponent(() => import('./audit/page.tsx'), 'AuditPage') }),
] as const;

/** Everything that a page can show, once: for whoever works on them, and in no build. */
const inDevelopment = import.meta.env.DEV
  ? [createRoute({ ...at('/states'), component: lazyRouteComponent(() => import('./states/page.tsx'), 'StatesPage') })]
  : [];

export const router = createRouter({
  routeTree: root.addChildren([run, ...pages, ...inDevelopment]),
  parseSearch: namedIn,
  stringifySearch: searchOf,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
