/** Whether a `host[:port]` is this machine: the only place where a login may go by plain HTTP, because nobody can listen. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(host);
}
