// The layers of the design, executed. Each rule says why it is there: whoever wants to undo one knows what it costs.
const ports =
  'source|images|scan|tests|kubernetes|migrations|smoke|verification|traffic|assets|terraform|notify|records|lanes';
// Ways of delivering are made of ports, and are themselves behind one.
const deliveries = 'delivery';
const production = '^(temporal\\.config\\.ts|domain|pipeline|workflows|activities|workers|client)(/|$)';
const typesOnly = { dependencyTypesNot: ['type-only'] };

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'domain-imports-nothing',
      comment:
        'Rules are pure and total, so that they can be tested by table and property, and replayed. No package, no node:, no other folder.',
      severity: 'error',
      from: { path: '^domain/' },
      to: { pathNot: '^domain/' },
    },
    {
      name: 'workflows-import-only-sdk-domain-and-types',
      comment:
        'What a workflow imports is bundled, replayed and held in memory by every waiting release: a validation library in it was measured at seven times the memory. @temporalio/common is in every bundle anyway.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { pathNot: ['^workflows/', '^domain/', '^activities/', '(^|/)@temporalio/(workflow|common)(/|$)'] },
    },
    {
      name: 'workflows-see-activities-as-types',
      comment: 'Code of an activity inside the workflow bundle would run there without retries, and break replay.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^activities/', ...typesOnly },
    },
    {
      name: 'pipeline-is-text-in-plan-out',
      comment:
        'The loader of slipway.yaml must be usable everywhere (CLI, gateway, worker) and may not reach the outside world.',
      severity: 'error',
      from: { path: '^pipeline/' },
      to: { pathNot: ['^pipeline/', '^domain/', '(^|/)node_modules/(zod|yaml)/', '^(node:)?crypto$'] },
    },
    {
      name: 'ports-do-not-know-each-other',
      comment:
        'An adapter that reaches into a neighbour cannot be exchanged alone. What several need lives in activities/shared.',
      severity: 'error',
      from: { path: `^activities/(${ports})/` },
      to: { path: `^activities/(${ports}|${deliveries})/`, pathNot: '^activities/$1/' },
    },
    {
      name: 'the-box-is-given',
      comment:
        'Whoever runs what strangers wrote is given a box: how one is made is decided in workers/compose.ts alone.',
      severity: 'error',
      from: { path: production, pathNot: '^(activities/box/|workers/compose[^/]*\\.ts$)' },
      to: { path: '^activities/box/', pathNot: '^activities/box/port\\.ts$' },
    },
    {
      name: 'deliveries-are-made-of-ports',
      comment:
        'A way of delivering is composed of what ports offer (a cluster, a source, a registry): never of the vendor behind one.',
      severity: 'error',
      from: { path: `^activities/${deliveries}/` },
      to: { path: `^activities/(${ports})/`, pathNot: `^activities/(${ports})/port\\.ts$` },
    },
    {
      name: 'deliveries-see-ports-as-types',
      comment: 'Which vendor is behind a port is decided in workers/compose.ts and compose-environment.ts alone.',
      severity: 'error',
      from: { path: `^activities/${deliveries}/` },
      to: { path: `^activities/(${ports})/`, ...typesOnly },
    },
    {
      name: 'adapters-do-not-know-the-steps',
      comment: 'Steps use ports; the other way round would be a circle of responsibilities.',
      severity: 'error',
      from: { path: `^activities/(${ports}|${deliveries}|shared)/` },
      to: { path: '^activities/steps/' },
    },
    {
      name: 'steps-and-shared-see-ports-as-types',
      comment: 'Which vendor is behind a port is decided in workers/compose.ts and compose-environment.ts alone.',
      severity: 'error',
      from: { path: '^activities/(steps|shared)/' },
      to: { path: `^activities/(${ports}|${deliveries})/`, ...typesOnly },
    },
    {
      name: 'steps-and-shared-see-no-adapter',
      comment: 'Not even as a type: the shape of an adapter is its port.',
      severity: 'error',
      from: { path: '^activities/(steps|shared)/' },
      to: { path: `^activities/(${ports}|${deliveries})/`, pathNot: `^activities/(${ports}|${deliveries})/port\\.ts$` },
    },
    {
      name: 'activities-import-no-caller',
      comment: 'Activities are used by workers; they know neither workflows, nor clients, nor how they are hosted.',
      severity: 'error',
      from: { path: '^activities/' },
      to: { path: '^(workflows|workers|client|temporal\\.config\\.ts)(/|$)' },
    },
    {
      name: 'compose-is-the-only-place-where-vendors-meet-ports',
      comment:
        'Open workers/compose.ts and compose-environment.ts, and know what is plugged in. Everything else sees port types.',
      severity: 'error',
      from: { path: '^(workers|client|workflows|pipeline)/', pathNot: '^workers/compose[^/]*\\.ts$' },
      to: { path: `^activities/(${ports}|${deliveries})/`, pathNot: `^activities/(${ports}|${deliveries})/port\\.ts$` },
    },
    {
      name: 'few-talk-to-temporal-as-a-client',
      comment:
        'Starting, signalling and updating runs is done in one way, by typed functions; activities/lanes is the exception because workflows cannot send Updates.',
      severity: 'error',
      from: {
        path: production,
        pathNot: ['^client/(engine|connection)\\.ts$', '^client/gateway/', '^activities/lanes/'],
      },
      to: { path: '(^|/)@temporalio/client(/|$)', ...typesOnly },
    },
    {
      name: 'temporal-config-is-for-hosts',
      comment: 'Address, namespace and limits are decisions of the process that connects; everybody else is told.',
      severity: 'error',
      from: { path: '.', pathNot: ['^(workers|client|lab|test)/', '^temporal\\.config\\.ts$'] },
      to: { path: '^temporal\\.config\\.ts$' },
    },
    {
      name: 'workers-do-not-know-clients',
      comment:
        'A worker that needed the gateway to start would make an outage of the one an outage of both. workers/gateway*.ts and dev.ts host the gateway itself.',
      severity: 'error',
      from: { path: '^workers/', pathNot: '^workers/(gateway[^/]*|dev)\\.ts$' },
      to: { path: '^client/(gateway|cli|slack|github-action|dashboard)/' },
    },
    {
      name: 'clients-do-not-know-workers',
      comment:
        'The gateway holds no deploy credentials and no adapter code. `slipway dev` is the exception: it runs everything in one process.',
      severity: 'error',
      from: { path: '^client/', pathNot: '^client/cli/(commands/)?dev[^/]*\\.ts$' },
      to: { path: '^(workers|workflows|lab)/', ...typesOnly },
    },
    {
      name: 'production-never-imports-the-lab',
      comment:
        'The lab simulates the world; shipped code must not depend on it. `slipway dev` starts the lab on purpose.',
      severity: 'error',
      from: { path: production, pathNot: '^client/cli/(commands/)?dev[^/]*\\.ts$' },
      to: { path: '^lab/' },
    },
    {
      name: 'pages-are-made-of-rules-and-words',
      comment:
        'A page runs in a browser: it shares the rules of the domain, and words with the command line. What it knows of an installation, it asks for.',
      severity: 'error',
      from: { path: '^client/dashboard/' },
      to: {
        path: '^(domain|pipeline|workflows|activities|workers|client|lab)/',
        pathNot: ['^client/dashboard/', '^domain/', '^client/cli/words\\.ts$'],
      },
    },
    {
      name: 'nobody-imports-tests',
      comment: 'Test support is free to change with the tests.',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    {
      name: 'production-needs-no-development-package',
      comment: 'The image is built without development packages: an import of one fails only there.',
      severity: 'error',
      // Pages are built once, into files that need no package.
      from: { path: production, pathNot: ['^client/cli/(commands/)?dev[^/]*\\.ts$', '^client/dashboard/'] },
      to: { dependencyTypes: ['npm-dev'], ...typesOnly },
    },
    {
      name: 'no-undeclared-package',
      comment:
        'What is imported is pinned in package.json; a package that is only there because another needs it may vanish.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'undetermined'] },
    },
    {
      name: 'no-broken-import',
      comment: 'The file or package is not there.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other are one idea in two places, and their order of loading decides what works.',
      severity: 'error',
      from: {},
      to: { circular: true, ...viaValues() },
    },
  ],
  options: {
    // Type imports count: a layer that knows another's types knows the layer.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: {
      path: '^(dist|client/github-action/dist|client/dashboard/dist|coverage|\\.slipway|examples|docs|docker)/',
    },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
    builtInModules: { add: ['node:test'] },
  },
};

/** Types may refer to each other; only values have an order of loading. */
function viaValues() {
  return { viaOnly: { dependencyTypesNot: ['type-only'] } };
}
