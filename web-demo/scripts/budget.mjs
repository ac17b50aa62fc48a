// What the first page costs: fails the build when its JavaScript is over the budget. Chunks of lazy pages are listed, not counted.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET_BYTES = 200_000; // gzip; some 1 s on a slow phone's line
const DIST = new URL("../dist/", import.meta.url);

const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", DIST), "utf8"));
const weigh = (file) => gzipSync(readFileSync(new URL(file, DIST))).length;
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

/** The chunk and all that it imports statically. */
function loadedWith(key, seen = new Set()) {
  if (!seen.has(key)) {
    seen.add(key);
    for (const next of manifest[key].imports ?? []) loadedWith(next, seen);
  }
  return seen;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const initial = [...loadedWith(entry)].map((key) => manifest[key].file);
const total = initial.reduce((sum, file) => sum + weigh(file), 0);

console.log(`\nInitial JavaScript, gzip: ${kilobytes(total)} of ${kilobytes(BUDGET_BYTES)}`);
for (const { file } of Object.values(manifest)) {
  if (file.endsWith(".js")) console.log(`  ${initial.includes(file) ? "first" : "lazy "}  ${kilobytes(weigh(file)).padStart(9)}  ${file}`);
}
if (total > BUDGET_BYTES) {
  console.error(`\nThe first page is over its budget by ${kilobytes(total - BUDGET_BYTES)}: make lazy what it does not need.`);
  process.exit(1);
}
