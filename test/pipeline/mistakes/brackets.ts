import type { Mistake } from './answers.ts';

export const brackets: Mistake[] = [
  [
    'a list that is not closed',
    { slipway: { 95: '    branches: [main' } },
    ['95:15 the bracket `[` that is opened here is not closed | write `branches: [main]`'],
  ],
  [
    'a list that another bracket closes',
    { slipway: { 95: '    branches: [main}' } },
    ['95:15 the bracket `[` that is opened here is not closed | write `]` where it ends'],
  ],
  [
    'keys and values that are not closed',
    { slipway: { 66: "          api: { kind: http, url: 'https://api.dev.example.com/'" } },
    ['66:16 the bracket `{` that is opened here is not closed | write `}` where it ends'],
  ],
  [
    'a list that is not closed inside of keys and values',
    { slipway: { 10: '      - { deployment: saleor-api, containers: [saleor-api }' } },
    ['10:47 the bracket `[` that is opened here is not closed | write `]` where it ends'],
  ],
  [
    'a bracket too many',
    { slipway: { 95: '    branches: [main]]' } },
    ['95:21 `]` closes nothing here | remove it, or open it before'],
  ],
  [
    'a list without its first bracket',
    { slipway: { 95: '    branches: main]' } },
    ['95:15 `branches` must be a list, not a text | write `branches: [main]`'],
  ],
  [
    'a comma too many',
    { slipway: { 95: '    branches: [main,, x]' } },
    ['95:21 a comma with nothing before it | remove it'],
  ],
  [
    'a comma too few',
    { slipway: { 66: '          api: { kind: http url: https://api.dev.example.com/ }' } },
    [
      "66:24 a `: ` inside of a text: YAML takes what stands before it for a key | write the text in quotes: `kind: 'http url: https://api.dev.example.com/'`; or a comma where one is missing: `http, url:`",
    ],
  ],
  [
    'a colon in a text between brackets',
    { slipway: { 66: '          api: { kind: http, url: https://api.dev.example.com/health: x }' } },
    [
      "66:35 a `: ` inside of a text: YAML takes what stands before it for a key | write the text in quotes: `url: 'https://api.dev.example.com/health: x'`",
    ],
  ],
  [
    'a colon in a text',
    { slipway: { 30: '  service: tests: fast' } },
    [
      "30:12 a `: ` inside of a text: YAML takes what stands before it for a key | write the text in quotes: `service: 'tests: fast'`",
    ],
  ],
  [
    'a colon in a text with a comma and a comment',
    { slipway: { 30: '  service: tests, fast: ones # really' } },
    [
      "30:12 a `: ` inside of a text: YAML takes what stands before it for a key | write the text in quotes: `service: 'tests, fast: ones'`",
    ],
  ],
  [
    'a quote that is not closed',
    { slipway: { 66: "          api: { kind: http, url: 'https://api.dev.example.com/ }" } },
    ["66:35 the quote that begins here (') is not closed | write a second ' where the text ends"],
  ],
  [
    'a double quote that is not closed',
    { slipway: { 12: '      - { deployment: "saleor-beat, containers: [saleor-beat] }' } },
    ['12:23 the quote that begins here (") is not closed | write a second " where the text ends'],
  ],
  [
    'text behind a quote',
    { slipway: { 30: "  service: 'tests' fast" } },
    ['30:20 text after the closing quote | put all of the text in one pair of quotes'],
  ],
  [
    'a backslash in double quotes',
    { slipway: { 30: '  service: "tests\\q"' } },
    ['30:18 `\\q` means nothing in double quotes | write the text in single quotes, which take a backslash as it is'],
  ],
  [
    'a lone star in a list',
    { slipway: { 59: '    branches: [*]' } },
    [
      "59:16 `*` refers to an anchor where it begins a value, and no name follows | as a text it needs quotes: `branches: ['*']`",
    ],
  ],
  [
    'a lone star',
    { slipway: { 59: '    branches: *' } },
    [
      "59:15 `*` refers to an anchor where it begins a value, and no name follows | as a text it needs quotes: `branches: '*'`",
    ],
  ],
  [
    'a text that begins with a star',
    { slipway: { 59: '    branches: [*-next]' } },
    ["59:16 the alias `*-next` has no anchor before it | as a text it needs quotes: `'*-next'`"],
  ],
  [
    'a lone ampersand',
    { slipway: { 95: '    branches: & main' } },
    [
      "95:15 `&` names an anchor where it begins a value, and no name follows | as a text it needs quotes: `branches: '& main'`",
    ],
  ],
  [
    'a text that begins with @',
    { slipway: { 30: '  service: @tests' } },
    ["30:12 a text cannot begin with `@` | write it in quotes: `service: '@tests'`"],
  ],
  [
    'a text in backticks',
    { slipway: { 30: '  service: `tests`' } },
    ["30:12 a text cannot begin with a backtick | write it in quotes: `service: '`tests`'`"],
  ],
  [
    'a text that begins with %',
    { slipway: { 30: '  service: %tests' } },
    ["30:12 a text cannot begin with `%` | write it in quotes: `service: '%tests'`"],
  ],
  [
    'a tag',
    { slipway: { 30: '  service: !!str tests' } },
    ['30:18 the tag `!!str` | remove it: values are plain text, numbers and booleans'],
  ],
  [
    'a merge key',
    { slipway: { 67: '  integration:\n    <<: *x' } },
    ['68:5 merge keys (`<<`) are not supported | write the keys out'],
  ],
  [
    'a template',
    { slipway: { 7: '    image: {{ registry }}/saleor-api' } },
    ['7:12 brackets in brackets (`{{ … }}`): no template is filled in here | write the value itself'],
  ],
  [
    'an expression',
    { slipway: { 7: '    image: ${{ secrets.ECR }}/saleor-api' } },
    [
      "7:12 an expression (`${{ … }}`), which only GitHub's workflows work out: here every value is written plainly | write the value itself; secrets are named by reference in the policy, and the registry is said there, too",
    ],
  ],
  [
    'an expression between brackets',
    { slipway: { 66: '          api: { kind: http, url: ${{ vars.HEALTH }} }' } },
    [
      "66:35 an expression (`${{ … }}`), which only GitHub's workflows work out: here every value is written plainly | write the value itself; secrets are named by reference in the policy, and the registry is said there, too",
    ],
  ],
  [
    'an expression in quotes',
    { slipway: { 66: "          api: { kind: http, url: '${{ vars.HEALTH }}' }" } },
    [
      "66:35 an expression (`${{ … }}`), which only GitHub's workflows work out: here every value is written plainly | write the value itself; secrets are named by reference in the policy, and the registry is said there, too",
    ],
  ],
  [
    'expressions beside other mistakes, which are told as well',
    {
      slipway: {
        7: '    image: ${{ secrets.ECR }}/saleor-api',
        66: "          api: { kind: htp, url: '${{ vars.HEALTH }}' }",
      },
    },
    [
      "7:12 an expression (`${{ … }}`), which only GitHub's workflows work out: here every value is written plainly | write the value itself; secrets are named by reference in the policy, and the registry is said there, too",
      '66:24 `kind` must be one of `http`, `graphql`, `tcp`, `grpc`, `dns`, `certificate` | did you mean `http`?',
      "66:34 an expression (`${{ … }}`), which only GitHub's workflows work out: here every value is written plainly | write the value itself; secrets are named by reference in the policy, and the registry is said there, too",
    ],
  ],
  [
    'an expression that is all of a command, and is not told again as one argument with blanks',
    { slipway: { 48: '      apply: ["/bin/${{ vars.TOOL }}"]' } },
    [
      "48:15 an expression (`${{ … }}`), which only GitHub's workflows work out: here every value is written plainly | write the value itself; secrets are named by reference in the policy, and the registry is said there, too",
    ],
  ],
  [
    'an expression among words of a list, of which the others are told',
    { slipway: { 35: '  failOn: ["${{ vars.WORST }}", HIHG]' } },
    [
      "35:12 an expression (`${{ … }}`), which only GitHub's workflows work out: here every value is written plainly | write the value itself; secrets are named by reference in the policy, and the registry is said there, too",
      '35:33 the entry must be one of `CRITICAL`, `HIGH`, `MEDIUM`, `LOW`, `UNKNOWN` | did you mean `HIGH`?',
    ],
  ],
  [
    'an expression for a region in the waves: nobody knows which it is',
    { slipway: { 112: '      - { regions: ["${{ vars.SECOND }}"] }' } },
    [
      "112:21 an expression (`${{ … }}`), which only GitHub's workflows work out: here every value is written plainly | write the value itself; secrets are named by reference in the policy, and the registry is said there, too",
    ],
  ],
  [
    'an expression for a component, which may be what another one needs',
    { slipway: { 59: '    branches: [feature/*]\n    components: ["${{ vars.FIRST }}", dashboard]' } },
    [
      "60:18 an expression (`${{ … }}`), which only GitHub's workflows work out: here every value is written plainly | write the value itself; secrets are named by reference in the policy, and the registry is said there, too",
    ],
  ],
  [
    'an expression that an alias repeats',
    {
      slipway: { 47: '      modelsWithoutMigration: [&tool "${{ vars.TOOL }} --all", x]', 48: '      apply: [*tool]' },
    },
    [
      "47:38 an expression (`${{ … }}`), which only GitHub's workflows work out: here every value is written plainly | write the value itself; secrets are named by reference in the policy, and the registry is said there, too",
    ],
  ],
  [
    'an expression in a policy',
    { policy: { 23: '    registry: ${{ vars.REGISTRY }}' } },
    [
      "policy.yaml:23:15 an expression (`${{ … }}`), which only GitHub's workflows work out: here every value is written plainly | write the value itself; secrets are named by reference in the policy, and the registry is said there, too",
    ],
  ],
  [
    'typographic quotes around a word',
    { slipway: { 60: '    tests: “false”' } },
    [
      '60:12 `tests` has quotes that YAML does not know (`“…”`): only `\'…\'` and `"…"` are quotes | write `tests: false`',
    ],
  ],
  [
    'typographic quotes around a name',
    { slipway: { 2: 'service: „saleor“' } },
    [
      '2:10 `service` has quotes that YAML does not know (`“…”`): only `\'…\'` and `"…"` are quotes | write `service: saleor`',
    ],
  ],
  [
    'typographic quotes around an address',
    { slipway: { 66: '          api: { kind: http, url: “https://api.dev.example.com/health” }' } },
    [
      "66:35 `url` has quotes that YAML does not know (`“…”`): only `'…'` and `\"…\"` are quotes | write `url: 'https://api.dev.example.com/health'`",
    ],
  ],
  [
    'a no-break space in a name',
    { slipway: { 95: '    branches: [ma in]' } },
    ['95:16 the entry has a no-break space in it | write `ma in`'],
  ],
];
