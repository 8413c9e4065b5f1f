/** Why the project cannot run on this machine, in one sentence; undefined when it can. */
export function platformProblem(machine = thisMachine()) {
  if (machine.nodeMajor < 18) {
    return `Node ${machine.nodeMajor} is too old to begin with: install Node 18 or newer (24 is best) and run the command again.`;
  }
  if (machine.platform === 'win32') {
    return 'Slipway runs on Linux and macOS. On Windows, clone the repository inside WSL 2 and run the command there.';
  }
  if (machine.platform === 'linux' && !machine.glibc) {
    return "Temporal's native module needs glibc, which this Linux does not have (Alpine?): use a Debian, Ubuntu or Fedora machine or image.";
  }
  if (!['x64', 'arm64'].includes(machine.arch)) {
    return `Temporal's native module is made for x64 and arm64 processors; this one is ${machine.arch}.`;
  }
  return undefined;
}

function thisMachine() {
  return {
    nodeMajor: Number(process.versions.node.split('.')[0]),
    platform: process.platform,
    arch: process.arch,
    glibc: Boolean(process.report?.getReport().header.glibcVersionRuntime),
  };
}
