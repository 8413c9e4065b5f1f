import type { GateTool } from '../domain/contract/policy.ts';
import { durationMs } from './duration.ts';
import { defaultGate, type GateFile } from './gates-schema.ts';
import type { Policy } from './load.ts';
import { own } from './reach.ts';

/** By name, what the policy says of the gates that it wants every release of an environment to pass. */
export function gateToolsOf({ content: { environments, gates = {} } }: Policy, environment: string) {
  const names = [...(own(environments, environment)?.gates ?? [])].sort();
  const tools = names.flatMap((name) => {
    const defined = own(gates, name);
    return defined ? [[name, toolOf(defined)] satisfies [string, GateTool]] : [];
  });
  return Object.fromEntries(tools);
}

/** With what is left out, and in one order where order means nothing: what says the same is the same. */
function toolOf({ run, failOn, timeout = defaultGate.timeout, exitCodes, places = [] }: GateFile): GateTool {
  return {
    run: [...run],
    failOn: [...(failOn ?? defaultGate.failOn)].sort(),
    timeoutMs: durationMs(timeout),
    exitCodes: [...(exitCodes ?? defaultGate.exitCodes)].sort((a, b) => a - b),
    places: [...places].sort(),
  };
}
