/**
 * Takes secrets out of text that the outside world wrote (logs, events, error bodies) before anybody stores or shows it.
 * It knows the shapes that secrets usually have; it cannot know a password that looks like a word.
 */
export function redact(text: string): string {
  return rules.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}

const hidden = '[redacted]';

/**
 * Each in time that grows with the text alone, whatever the text: a log is a stranger's, and may be one word of a megabyte. Hence no rule
 * can begin at every letter of a long word and read on to its end.
 */
const rules: [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, hidden],
  // user:password@ in any URL
  [/(:\/\/[^\s/:@]*):[^\s/@]+@/g, `$1:${hidden}@`],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${hidden}`],
  // JSON web tokens, EKS tokens, AWS key ids, GitHub and Slack tokens
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, hidden],
  [/\bk8s-aws-v1\.[\w-]+/g, hidden],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, hidden],
  [/\b(?:gh[oprsu]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|xox[abeprs]-[\w-]{10,}|xapp-[\w-]{10,})/g, hidden],
  [/([?&]X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s"']+/gi, `$1${hidden}`],
  // name=value and "name": "value", where the name says that the value is a secret
  [
    /((?:password|passwd|secret|api_?key|access_?key|private_?key|token|credential)[\w-]{0,100}["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;&"']+)/gi,
    `$1${hidden}`,
  ],
];

/** The end of a text, redacted, cut at a line where there is one: at most `maxBytes` bytes of UTF-8. */
export function redactedTail(text: string, maxBytes: number): string {
  const bytes = Buffer.from(redact(text), 'utf8');
  if (bytes.length <= maxBytes) return bytes.toString('utf8');
  let start = bytes.length - maxBytes;
  // Never begin inside a character.
  while (start < bytes.length && (bytes[start]! & 0xc0) === 0x80) start += 1;
  const tail = bytes.subarray(start).toString('utf8');
  const line = tail.indexOf('\n');
  return line >= 0 && line < tail.length - 1 ? tail.slice(line + 1) : tail;
}
