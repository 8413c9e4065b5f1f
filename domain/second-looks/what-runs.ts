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

/** Whether a command runs text that it is given. */
export function isShellLike(command: readonly string[]): boolean {
  const names = command.map((word) => word.split('/').at(-1) ?? '');
  if (names.some((name) => shells.has(name))) return true;
  if (runners.has(names[0] ?? '')) return true;
  return names.some(
    (name, at) => interpreter.test(name) && command.slice(at + 1).some((word) => textOption.test(word)),
  );
}

/** By what loads code into a program of somebody else, finds programs, or leads its connections elsewhere. */
const steering =
  /^(?:LD_.*|DYLD_.*|GLIBC_.*|GCONV_PATH|MALLOC_.*|PATH|HOME|SHELL|ENV|BASH_.*|IFS|PS4|PROMPT_COMMAND|PYTHON.*|NODE_.*|NPM_CONFIG_.*|PERL5?.*|RUBY.*|GEM_.*|BUNDLE_.*|PHP.*|JAVA_.*|_JAVA_.*|JDK_.*|CLASSPATH|LUA_.*|DOTNET_.*|GIT_.*|EDITOR|PAGER|(?:HTTPS?|ALL|NO|FTP)_PROXY|SSL_.*|OPENSSL_.*|(?:REQUESTS|CURL)_CA_BUNDLE|CURL_HOME|RESOLV_.*|LOCALDOMAIN|HOSTALIASES|KUBE.*|AWS_.*|GOOGLE_.*|AZURE_.*|PG.*|MYSQL_.*|.*DATABASE_URL|DJANGO_SETTINGS_MODULE)$/;

/** Whether a variable can do more than say something to the program it is meant for. Some programs read it in small letters too. */
export function isSteeringVariable(name: string): boolean {
  return steering.test(name.toUpperCase());
}
