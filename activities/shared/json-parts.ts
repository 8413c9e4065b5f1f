const [quote, escape] = [0x22, 0x5c];
/** A comma, and what begins a list or a map. */
const beginsPart = new Set([...',[{'].map((mark) => mark.charCodeAt(0)));

/** Whether there is room in it for more than so many parts, and there are: JSON can be made so that it takes twenty times the memory once it is parsed. */
export function isDenseJson(json: Uint8Array, mostParts: number): boolean {
  return json.length > mostParts && partsOf(json) > mostParts;
}

/** Of JSON: what is in texts is no part. */
function partsOf(json: Uint8Array): number {
  let parts = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at]!;
    if (byte === quote) isText = !isText;
    else if (isText && byte === escape) at += 1;
    else if (!isText && beginsPart.has(byte)) parts += 1;
  }
  return parts;
}
