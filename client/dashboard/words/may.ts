import type { Me, ReleaseView } from '../../../domain/contract/gateway.ts';

/**
 * Why somebody decides nothing about this run; undefined where they may be asked, or that is not known yet. Whom the run really asks the gateway says
 * when they decide.
 */
export function whyNotDecide(me: Me | undefined, { service, environment, status }: ReleaseView): string | undefined {
  if (!me) return undefined;
  const here = me.grants.find((lane) => lane.service === service && lane.environment === environment);
  if (here?.may.includes('decide')) return undefined;
  const who = status?.waitingFor?.who;
  const others = who === undefined ? '' : ` It is decided by ${who}.`;
  return `You may look, not decide.${others}`;
}
