import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { Frame } from './parts/frame.tsx';
import { Overview } from './overview/page.tsx';
import { ReleasePage } from './release/page.tsx';

const root = createRootRoute({ component: Frame });

const overview = createRoute({ getParentRoute: () => root, path: '/', component: Overview });

/** The id of a run holds slashes: all that follows is the id. */
const releaseRoute = createRoute({
  getParentRoute: () => root,
  path: '/runs/$',
  component: () => {
    const { _splat: id = '' } = releaseRoute.useParams();
    return <ReleasePage key={id} id={id} />;
  },
});

export const router = createRouter({ routeTree: root.addChildren([overview, releaseRoute]) });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
