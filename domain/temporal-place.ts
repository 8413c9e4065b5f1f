/** Where an installation has its runs. */
export interface TemporalPlace {
  address: string;
  namespace: string;
}

/** Temporal's own cloud: there another program makes namespaces and search attributes, and no client may. */
export function isTemporalCloud({ address }: TemporalPlace): boolean {
  return /\.(tmprl\.cloud|api\.temporal\.io):\d+$/.test(address);
}
