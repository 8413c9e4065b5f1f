/** A text by which a secret is known, and which characters may carry a rest of it right behind. */
export interface SecretForm {
  text: string;
  rest?: RegExp;
}

/** Shorter ones are in every text: taking them out would hide what people need, and hide nothing from who guesses. */
export const shortestSecret = 4;
const shortestForm = 6;
const shortestLine = 16;
const mostLines = 200;

/**
 * How programs write a secret that they were given: as it is, escaped for URLs, JSON, XML or a shell, in hexadecimal, in base64 at each of the
 * three places where a byte may begin, reversed. A secret of several lines (a key, a kubeconfig) is also known by each long line alone.
 */
export function formsOf(secret: string): SecretForm[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const parts = lines.length > 1 ? lines.filter((line) => line.length >= shortestLine).slice(0, mostLines) : [];
  const forms = [secret, ...parts].flatMap(formsOfOne);
  return [...new Map(forms.map((form) => [form.text, form])).values()];
}

function formsOfOne(secret: string): SecretForm[] {
  if (secret.length < shortestSecret) return [];
  const written = [...escaped(secret), ...inHex(secret), [...secret].reverse().join(''), ...wrapped(secret)];
  return [{ text: secret }, ...written.map((text) => ({ text })), ...inBase64(secret)].filter(
    ({ text }) => text.length >= shortestForm || text === secret,
  );
}

function escaped(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const uri = encodeURIComponent(secret.toWellFormed());
  const strict = uri.replace(/[!'()*]/g, (character) => percent(character));
  const urls = [uri, strict, uri.replaceAll('%20', '+'), strict.replaceAll('%20', '+')];
  const xml = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [
    json,
    json.replaceAll('/', '\\/'),
    json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    JSON.stringify(json).slice(1, -1),
    ...urls,
    ...urls.map((url) => url.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase())),
    xml,
    xml.replaceAll('"', '&quot;'),
    xml.replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
    secret.replaceAll("'", `'\\''`),
  ];
}

const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

function inHex(secret: string): string[] {
  const hex = Buffer.from(secret, 'utf8').toString('hex');
  const bytes = hex.replace(/../g, '%$&');
  return [hex, hex.toUpperCase(), bytes, bytes.toUpperCase()];
}

/** Only characters that no neighbour of the secret has a part in; the one behind them, which has, is taken along. */
function inBase64(secret: string): SecretForm[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].flatMap((before) => {
    const bits = (before + bytes.length) * 8;
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const text = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6));
    const rest = bits % 6 === 0 ? {} : { rest: /^[\w+/-]?={0,2}/ };
    return [
      { text, ...rest },
      { text: text.replaceAll('+', '-').replaceAll('/', '_'), ...rest },
    ];
  });
}

/** `base64` ends its lines after 76 characters, `openssl` after 64: lines are seen one by one. */
function wrapped(secret: string): string[] {
  const encoded = Buffer.from(secret, 'utf8')
    .toString('base64')
    .replace(/={1,2}$/, '');
  return [64, 76].flatMap((width) => {
    const pieces: string[] = [];
    for (let at = 0; encoded.length > width && at < encoded.length; at += width)
      pieces.push(encoded.slice(at, at + width));
    return pieces.filter((piece) => piece.length >= shortestLine);
  });
}
