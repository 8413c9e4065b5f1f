/** How values of a kind are asked for, where what was meant can often be told from what is there instead. */
export const forms = {
  name: 'must be a name: lower-case letters, digits and `-`, at most 63 characters',
  duration: 'must be a duration such as `30s`, `10m`, `24h` or `7d`',
  durationOrOff: 'must be a duration such as `5s` or `1m`, or `off`',
  date: 'must be a date such as `2026-12-31`',
  image: 'must be a lower-case repository path such as `shop/core`, without registry, tag or digest',
  imageHost: 'must not name a registry: the one that the policy names for the environment goes before it',
  doubleStar: 'must not hold `**`: each `*` stands for anything but `/`, and so do several',
  noSecret: 'looks like a secret (a token, a key, or an address with a password), which a repository must not hold',
  url: 'must be a URL such as `https://shop.example.com/health`',
  hostName: 'must be a host alone such as `shop.example.com`: lower-case, no scheme, no port, no path',
  domainName: 'must be a name such as `shop.example.com`: lower-case, no scheme, no port, no path, and no address',
  plainAddress:
    'must be written as a URL is read: an IPv4 address in four decimal parts, an IPv6 address in brackets and shortened',
  headerValue: 'must be a text, or `{ contains: … }` with a part of it',
  endpointHost: 'must be a host name such as `shop.example.com` or `*.example.com`, or an address',
  registry: 'must be a registry such as `registry.example.com:5000/shop`: lower-case, no scheme',
  pathPrefix: 'must be a plain prefix such as `core/`, not a pattern',
  person: 'must be the name of a person: lower-case letters, digits and `._@-`, at most 100 characters',
  email: 'must be an e-mail address',
  slackUser: 'must be the member id of a Slack account such as `U012ABCDEF`',
  slackGroup: 'must be the id of a Slack user group such as `S012ABCDEF`',
  workflow:
    'must be the file of a workflow and its ref, such as `example/ci/.github/workflows/deploy.yml@refs/heads/main`',
  githubTeam: 'must be a team such as `example/release-managers`, in lower case',
  wholeNumber: 'must be a whole number',
  version: 'must be 1, the only version there is',
};
