import { grantStatements, processKinds, roleOf, roleStatements } from './rights.ts';

/** Statements for somebody with rights that Slipway is not given, and who runs them where. */
export interface ScriptPart {
  /** Lines for whoever reads it. */
  says: string[];
  statements: string[];
  /** Runs elsewhere than the rest of the script, so that it is printed as a comment. */
  onlyRead: boolean;
}

/** Of each login: four processes of five, and a gateway twenty more while a destination of evidence does not answer. */
const connections = { gateway: 40, engine: 20, environment: 20, build: 20 };

/** The owner of the database and of schema slipway. */
const owner = 'slipway_owner';

/** A login for each kind of process. */
function loginOf(kind: (typeof processKinds)[number]): string {
  return `slipway_of_${kind}`;
}

/**
 * What PostgreSQL needs to be told for records with a role for each kind of process, from the one table of rights. In order: what an
 * administrator of the server does, and what the owner of the schema does once it is there, which `slipway setup --roles` does as well.
 */
export function rightsScript(): ScriptPart[] {
  const passwords = [owner, ...processKinds.map(loginOf)].map((name) => `\\password ${name}`);
  return [
    {
      says: [
        'As an administrator of the server: psql -v ON_ERROR_STOP=1 -d postgres -f THIS-FILE',
        'It makes roles and a database, and changes no other. No password is in here: give each login one afterwards, in psql by',
        ...passwords.map((command) => `  ${command}`),
      ],
      statements: [
        `create role ${owner} login`,
        `create database slipway owner ${owner}`,
        ...roleStatements(),
        ...processKinds.map(
          (kind) => `create role ${loginOf(kind)} login connection limit ${connections[kind]} in role ${roleOf(kind)}`,
        ),
      ],
      onlyRead: false,
    },
    {
      says: [
        `Then make the schema, as ${owner}: SLIPWAY_RECORDS_URL=postgres://${owner}:…@HOST/slipway slipway setup --roles`,
        'It also says the following, which is here to be read, and for whoever changes rights by hand, without the dashes: in database',
        `slipway, as ${owner}, once the schema is there. It may be repeated.`,
      ],
      statements: grantStatements(),
      onlyRead: true,
    },
  ];
}
