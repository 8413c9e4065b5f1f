/** To stderr: what a command prints on stdout may be read by a program. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** One line for one step: what, and how long it takes so far. Returns the function that ends it. */
export function steps(what, out = process.stderr) {
  const began = Date.now();
  const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`;
  if (!out.isTTY) {
    out.write(`${what} …\n`);
    return (good) => out.write(`${good ? 'done' : 'failed'} after ${seconds()}\n`);
  }
  const draw = (end) => out.write(`\r\x1b[K${what} … ${end}`);
  draw('');
  const timer = setInterval(() => draw(seconds()), 1000);
  return (good) => {
    clearInterval(timer);
    draw(`${good ? 'done' : 'failed'} after ${seconds()}\n`);
  };
}
