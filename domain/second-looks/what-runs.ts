import { changesLoading } from '../loading-variables.ts';

const shells = new Set([
  'sh',
  'ash',
  'bash',
  'csh',
  'dash',
  'fish',
  'ksh',
  'mksh',
  'tcsh',
  'zsh',
  'pwsh',
  'busybox',
  'toybox',
]);
/** They run what comes after them, so that a shell is no longer the first word. */
const runners = new Set([
  'env',
  'eval',
  'exec',
  'nohup',
  'setsid',
  'sudo',
  'su',
  'timeout',
  'xargs',
  'awk',
  'gawk',
  'find',
  'script',
]);
/** They run a text when they are told to by `-c`, `-e` and the like. */
const interpreter = /^(?:python|pypy|node|deno|bun|perl|ruby|php|lua|java|Rscript|psql|mysql|sqlite3)[\d.]*$/;
const textOption = /^(?:-[A-Za-z]*[ceEr]|--(?:eval|command|execute|print|run)(?:=.*)?|eval|-[cer].+)$/;

/** `$(NAME)`, where the cluster puts a variable's value: into words of a command, and into other variables. */
const filledIn = /\$\(([^()]+)\)/g;

/** Names of the variables that are put into these texts. */
export function variablesIn(texts: readonly string[]): string[] {
  return texts.flatMap((text) => [...text.matchAll(filledIn)].map(([, name]) => name!));
}

/** Whether a command runs text that it is given. What is filled in later may be a shell, and the text for it. */
export function isShellLike(command: readonly string[]): boolean {
  if (command.some((word) => word.includes('$('))) return true;
  const names = command.map((word) => word.split('/').at(-1) ?? '');
  if (names.some((name) => shells.has(name))) return true;
  if (runners.has(names[0] ?? '')) return true;
  return names.some(
    (name, at) => interpreter.test(name) && command.slice(at + 1).some((word) => textOption.test(word)),
  );
}

/** They lead elsewhere: to another server or account, to other settings, programs or files. */
const steering =
  /^(?:HOME|SHELL|EDITOR|PAGER|CURL_HOME|(?:REQUESTS|CURL)_CA_BUNDLE|(?:HTTPS?|ALL|NO|FTP)_PROXY|LOCALDOMAIN|(?:BASH|BUNDLE|DOTNET|GEM|GIT|GLIBC|JAVA|NPM_CONFIG|OPENSSL|PHP|RESOLV|RUBY|SSL)_.*|KUBE.*|(?:AWS|AZURE|GOOGLE|MYSQL)_.*|PG.*|.*DATABASE_URL|DJANGO_SETTINGS_MODULE)$/;

/** Whether a variable can do more than say something to the program it is meant for. All that the policy bounds can. */
export function isSteeringVariable(name: string): boolean {
  return changesLoading(name) || steering.test(name.toUpperCase());
}
