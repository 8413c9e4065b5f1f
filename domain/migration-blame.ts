/**
 * Words that programs and clusters have for what is no release's fault: a lock that others hold, a database or network that is away, a
 * node that was taken away. Of PostgreSQL and its drivers, of MySQL, of resolvers and of Kubernetes.
 */
const worldsWords = [
  // locks
  /lock timeout|lock wait timeout|could not obtain lock|LockNotAvailable|\b55P03\b|deadlock detected|Deadlock found/i,
  // connections
  /connection refused|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|connection reset by peer|connection timed out|timeout expired/i,
  /could not connect to|connection to server .* failed|can't connect to|could not receive data from server|SSL SYSCALL error/i,
  /server closed the connection|lost connection to|server has gone away|connection (was )?terminated|terminating connection/i,
  /too many connections|too many clients|remaining connection slots|connection slots are reserved|max_client_conn/i,
  /the database system is (starting up|shutting down|in recovery|not yet accepting)/i,
  // names and ways
  /could not translate host name|name or service not known|temporary failure in name resolution|EAI_AGAIN|ENOTFOUND|no such host/i,
  /no route to host|network is unreachable|EHOSTUNREACH|ENETUNREACH|i\/o timeout|TLS handshake timeout/i,
  // room
  /no space left on device|could not extend file|disk full/i,
  // nodes
  /DisruptionTarget|\bEvicted\b|\bPreempt(ing|ed)\b|NodeShutdown|NodeLost|\bUnschedulable\b|\bOutOf(cpu|memory|pods)\b/,
];

/** Programs say at the end why they end; what they have got over before is none of it. */
const lastLines = 20;

/** Whether a migration ended for something that lies outside of it: by why its Job failed, and the end of its log. */
export function isWorldsFault({ reason, log }: { reason: string; log: string }): boolean {
  const end = log.trimEnd().split('\n').slice(-lastLines);
  return [reason, ...end].some((line) => worldsWords.some((words) => words.test(line)));
}
