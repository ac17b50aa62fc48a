// Puts lent headers into the text of an editor, with the page's own code: `node lend.mjs SOURCES ARGUMENTS`. Prints the text as JSON.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [sources, given] = process.argv.slice(2);
const { headersWith, lentHeaders } = await import(pathToFileURL(join(sources, 'lent.js')));
const { text, lent, before } = JSON.parse(given);

console.log(JSON.stringify(headersWith(text, lentHeaders(lent), lentHeaders(before))));
