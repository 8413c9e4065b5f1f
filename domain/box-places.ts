/** What a box has of this machine, each at its own path. */
export function isSystems(path: string): boolean {
  return /^\/(usr|bin|sbin|lib\w*)(\/|$)/.test(path);
}

/** What a box makes itself, or brings along: nothing else can stand there. */
export function isBoxs(path: string): boolean {
  return made.test(path) || inEtc.test(path);
}

const made = /^\/(proc|dev|sys|run|\.box|old)(\/|$)|^\/etc$/;
const inEtc =
  /^\/etc\/(passwd|group|hosts|nsswitch\.conf|resolv\.conf|containers|alternatives|ssl|pki|ca-certificates|ld\.so[^/]*)(\/|$)/;
