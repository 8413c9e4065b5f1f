/** What a failure says of pods: of which component, what still serves, and what the pod itself said. */
export interface PodWords {
  component: string;
  /** `old pods still ready to serve: 2 of 2`; absent where nothing is said of it. */
  serves?: string;
  pod: string;
  words: string;
}

/** Undefined where the detail is no pod's: it is shown as it is then. */
export function podWordsIn(detail: string): PodWords | undefined {
  const found = /^([a-z0-9.-]{1,253})(?: \(([^()]{1,200})\))?: ([a-z0-9.-]{1,253}\/[a-z0-9.-]{1,253}): ([^]*)$/.exec(
    detail,
  );
  if (!found) return undefined;
  const [, component = '', serves, pod = '', words = ''] = found;
  return { component, ...(serves !== undefined && { serves }), pod, words };
}
