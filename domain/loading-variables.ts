/**
 * Environment variables that decide which code a program loads, or whom it trusts: with one of them slipway.yaml would run something else
 * than the image that was built, scanned and approved.
 */
const exact = new Set(
  [
    'BASH_ENV BASHOPTS ENV IFS PATH PROMPT_COMMAND PS4 SHELLOPTS',
    'NODE_EXTRA_CA_CERTS NODE_OPTIONS NODE_PATH NODE_TLS_REJECT_UNAUTHORIZED',
    'BUNDLE_GEMFILE BUNDLE_PATH GEM_HOME GEM_PATH RUBYLIB RUBYOPT',
    'PERL5DB PERL5LIB PERL5OPT PERLLIB',
    'CLASSPATH JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS',
    'PHPRC PHP_INI_SCAN_DIR',
    'DOTNET_ADDITIONAL_DEPS DOTNET_SHARED_STORE DOTNET_STARTUP_HOOKS',
    'ERL_AFLAGS ERL_FLAGS ERL_LIBS ERL_ZFLAGS LUA_CPATH LUA_INIT LUA_PATH R_HOME R_PROFILE R_PROFILE_USER TCLLIBPATH',
    'GCONV_PATH GIO_EXTRA_MODULES GTK_MODULES HOSTALIASES LOCPATH NLSPATH RESOLV_HOST_CONF',
    'OPENSSL_CONF OPENSSL_CONF_INCLUDE OPENSSL_ENGINES OPENSSL_MODULES SSL_CERT_DIR SSL_CERT_FILE',
    'GIT_CONFIG_COUNT GIT_EXEC_PATH GIT_SSH GIT_SSH_COMMAND',
  ].flatMap((names) => names.split(' ')),
);
const beginnings = ['LD_', 'DYLD_', 'PYTHON', 'CORECLR_', 'COR_', 'LUA_CPATH_', 'LUA_INIT_', 'LUA_PATH_'];

/** Of those that begin so, these only change what is printed, buffered or hashed. */
const harmless = new Set(
  ['DEVMODE', 'DONTWRITEBYTECODE', 'FAULTHANDLER', 'HASHSEED', 'IOENCODING', 'UNBUFFERED', 'UTF8'].map(
    (end) => `PYTHON${end}`,
  ),
);

/** However it is written: some programs read small letters too. */
export function changesLoading(name: string): boolean {
  const upper = name.toUpperCase();
  if (exact.has(upper)) return true;
  return beginnings.some((beginning) => upper.startsWith(beginning)) && !harmless.has(upper);
}
