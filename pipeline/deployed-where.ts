import { goesTo } from '../domain/components-in.ts';

/** What an environment of the file says of where its components go; also as it is read before it is known to be right. */
interface Deploying {
  components?: readonly string[] | undefined;
  overrides?: Record<string, { regions?: readonly string[] | undefined }> | undefined;
  regions?: Record<string, unknown> | undefined;
}

/** Whether the environment has this component at all. */
export function hasComponent({ components }: Pick<Deploying, 'components'>, component: string): boolean {
  return components?.includes(component) ?? true;
}

/** Whether it goes to this very region. */
export function isDeployedIn(environment: Deploying, component: string, region: string): boolean {
  const { overrides = {}, regions = {} } = environment;
  const goes = Object.hasOwn(overrides, component) ? overrides[component]! : {};
  return Object.hasOwn(regions, region) && hasComponent(environment, component) && goesTo(goes, region);
}
