// Builds the page into the folder at argv[2]: one script, one style, and the licences of all that went into them.
// The same sources and lock file give the same bytes, which a test holds the committed files against.
import { build } from 'esbuild';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const outdir = process.argv[2];

const { metafile } = await build({
  entryPoints: { explorer: 'main.jsx' },
  outdir,
  bundle: true,
  minify: true,
  metafile: true,
  format: 'iife',
  target: 'es2022',
  jsx: 'automatic',
  legalComments: 'none', // they are in licences.txt
  charset: 'utf8',
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
});

const packages = new Set(
  Object.keys(metafile.inputs)
    .map((path) => path.match(/^(node_modules\/(?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/)?.[1])
    .filter(Boolean),
);

function licence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim() : '';
  return { title: `${name} ${version} (${license})`, text };
}

const titlesByText = new Map();
for (const { title, text } of [...packages].sort().map(licence)) {
  titlesByText.set(text, [...(titlesByText.get(text) ?? []), title]);
}
const rule = `\n\n${'─'.repeat(80)}\n\n`;
const head = 'explorer.js and explorer.css were built from these packages. Their licences:';
const sections = [...titlesByText].map(([text, titles]) => `${titles.join('\n')}\n\n${text}`.trim());
writeFileSync(join(outdir, 'licences.txt'), [head, ...sections].join(rule) + '\n');
