export const keyMark = '[private key]';
/** With its end, or as far as the text goes. */
export const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)/gs;

/**
 * Takes private keys out, line by line: what follows a beginning is not shown before its end has come. Every line passes here before
 * anything is kept or cut, so half a key is never left without the line by which it would be known.
 */
export function privateKeyFilter(): (line: string) => string {
  let inside = false;
  return (line) => {
    const continued = inside;
    if (!continued && !line.includes('-----BEGIN ')) return line; // nearly every line, and there may be millions
    inside = false;
    const shown = (continued ? `-----BEGIN PRIVATE KEY-----${line}` : line).replace(privateKey, (_key, end: string) => {
      inside = end === '';
      return keyMark;
    });
    return continued ? shown.slice(keyMark.length) : shown; // the mark was said where the key began
  };
}
