// What a page of the same origin that frames this one puts into the editors, such as an access token. A pure part, for tests.

/** The headers editor's text with `lent` in it; a header that a person has written stays, one that was lent before makes room. */
export function headersWith(text, lent, lentBefore) {
  const written = objectIn(text);
  if (written === null) return text; // somebody is typing
  const own = Object.entries(written).filter(([name, value]) => lentBefore[name.toLowerCase()] !== value);
  const names = new Set(own.map(([name]) => name.toLowerCase()));
  const added = Object.entries(lent).filter(([name]) => !names.has(name));
  const headers = Object.fromEntries([...own, ...added]);
  return Object.keys(headers).length ? JSON.stringify(headers, null, 2) : '';
}

/** Header names in lower case and values, of a message; anything else is left out. */
export function lentHeaders(headers) {
  const pairs = Object.entries(headers ?? {}).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]));
}

function objectIn(text) {
  try {
    const value = JSON.parse(text.trim() || '{}');
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch (error) {
    return null;
  }
}
