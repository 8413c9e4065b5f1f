import type { Blame } from './errors/failure.ts';

interface Cause {
  blame: Blame;
  words: RegExp;
}

/**
 * Who keeps a pod from beginning, by the words of the kubelet, the scheduler, the Job controller and the registries. The first that fits
 * counts: a registry that asks to wait says `unauthenticated` in the same sentence, and one that hides an image says that it does not exist.
 */
const causes: readonly Cause[] = [
  // A quota counts, and its numbers are not those of a registry's answer.
  { blame: 'operator', words: /exceeded quota|must specify (limits|requests)/i },
  // Registries, webhooks and networks that are away or ask to wait.
  { blame: 'world', words: /\b(429|50[0234])\b|toomanyrequests|too many requests|rate limit|service unavailable/i },
  { blame: 'world', words: /connection re(fused|set)|time[- ]?out|deadline exceeded|no such host|unreachable/i },
  { blame: 'world', words: /no route to host|name resolution|\bEOF\b|broken pipe|no space left on device/i },
  // Rights, policies and certificates of the installation.
  {
    blame: 'operator',
    words: /\b40[13]\b|unauthori[sz]ed|forbidden|denied|no basic auth credentials|authentication required/i,
  },
  { blame: 'operator', words: /x509|service ?account|\bFailedCreate\b/i },
  // What the commit or its pipeline file names.
  { blame: 'release', words: /not found|manifest unknown|name unknown|InvalidImageName|ErrImageNeverPull/i },
  { blame: 'release', words: /Create(Container)?(Config)?Error|RunContainerError|StartError|ContainerCannotRun/ },
];

/**
 * Whose fault it is that the Job of a migration, or of a smoke test, has not begun. Where nobody says why (a node without room, a pull that
 * is only said to be repeated, a time that was over) it is the world's: to try again costs time only, as nothing was done.
 */
export function blameOfBeginning(reason: string): Blame {
  // Names may have anything in them: what is in quotes says what it is about, not what is wrong.
  const words = reason.replace(/"[^"]*"/g, '""');
  return causes.find((cause) => cause.words.test(words))?.blame ?? 'world';
}
