/**
 * Tokens that are known by their form alone. Each is found in time that grows with the text alone, whatever the text: no rule can begin at
 * every letter of a long word and read on to its end.
 */
export const tokenShapes: readonly RegExp[] = [
  // JSON web tokens, EKS tokens, AWS key ids, tokens of GitHub, GitLab, Slack, npm and Docker Hub
  /(?<![\w-])eyJ[\w-]{8,}(?:\.[\w-]*){2,4}/g,
  /\bk8s-aws-v1\.[\w-]+/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\b(?:gh[oprsu]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|xox[abeprs]-[\w-]{10,}|xapp-[\w-]{10,})/g,
  /\b(?:glpat-[\w-]{16,}|npm_[A-Za-z0-9]{30,}|dckr_pat_[\w-]{16,})/g,
];

/** A password that is filled in later (`$PASSWORD`, `<password>`) is none yet. */
const others = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/,
  /:\/\/[^\s/:@]{0,200}:(?![$<{%])[^\s/@"']{1,200}@/,
  /hooks\.slack\.com\/services\/\w/,
];

/** Whether a text holds a token, a private key, or an address with a password or a webhook's key in it. */
export function holdsSecret(text: string): boolean {
  return [...tokenShapes, ...others].some((shape) => text.search(shape) >= 0);
}

const secretName = /(^|_)(TOKEN|PASSWORD|PASSWD|PASSPHRASE|SECRET|KEY|CREDENTIALS?)$/i;
const openName = /PUBLIC|PUBLISHABLE|SITE_KEY|CACHE_KEY/i;

/** Whether the name of a variable says that its value is to be kept secret. */
export function namesSecret(name: string): boolean {
  return secretName.test(name) && !openName.test(name);
}
