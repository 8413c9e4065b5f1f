import { access } from 'node:fs/promises';
import { locate } from '../activities/scan/tool-in-box.ts';
import type { PolicyFile } from '../pipeline/policy-schema.ts';

/** Programs of gates, and what they may read, that the policy asks for somewhere and that this build worker does not have. */
export async function missingGateTools({ gates = {}, environments }: PolicyFile): Promise<string[]> {
  const looked = Object.entries(gates).map(async ([name, { run, places = [] }]) => {
    const by = Object.keys(environments).filter((environment) => environments[environment]?.gates?.includes(name));
    if (by.length === 0) return [];
    const program = run[0] ?? '';
    const [found, ...there] = await Promise.all(
      [locate(program), ...places.map((place) => access(place))].map(settled),
    );
    const lacks = [...(found ? [] : [program]), ...places.filter((_place, index) => !there[index])];
    return lacks.map(
      (what) =>
        `missing here: ${what}, which the gate ${name} needs (\`gates\` of the policy), and that is asked for in ${by.join(', ')}: no release passes that gate here`,
    );
  });
  return (await Promise.all(looked)).flat();
}

async function settled(look: Promise<unknown>): Promise<boolean> {
  return look.then(
    () => true,
    () => false,
  );
}
