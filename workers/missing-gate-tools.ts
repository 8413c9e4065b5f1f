import { access } from 'node:fs/promises';
import { locateProgram } from '../activities/shared/locate-program.ts';
import type { PolicyFile } from '../pipeline/policy-schema.ts';

/** Programs of gates, and what they may read, that the policy asks for somewhere and that this build worker does not have. */
export async function missingGateTools({ gates = {}, environments }: PolicyFile): Promise<string[]> {
  const looked = Object.entries(gates).map(async ([name, { run, places = [] }]) => {
    const by = Object.keys(environments).filter((environment) => environments[environment]?.gates?.includes(name));
    if (by.length === 0) return [];
    const program = run[0] ?? '';
    const found = await locateProgram(program);
    const there = await Promise.all(places.map((place) => isThere(place)));
    const lacks = [...(found === undefined ? [program] : []), ...places.filter((_place, index) => !there[index])];
    return lacks.map(
      (what) =>
        `missing here: ${what}, which the gate ${name} needs (\`gates\` of the policy), and that is asked for in ${by.join(', ')}: no release passes that gate here`,
    );
  });
  return (await Promise.all(looked)).flat();
}

async function isThere(place: string): Promise<boolean> {
  return access(place).then(
    () => true,
    () => false,
  );
}
