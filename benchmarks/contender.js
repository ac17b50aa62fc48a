// The reference's side of composition.py: a JSON request a line in, a measurement a line out.
'use strict';
const readline = require('readline');
const path = require('path');
const { createRequire } = require('module');

const reference = createRequire(path.join(process.argv[2], 'package.json'));
const { composeServices } = reference('@apollo/composition');
const { parse } = reference('graphql');

function composeOnce(subgraphs) {
  const start = performance.now();
  const services = Object.entries(subgraphs).map(([name, sdl]) => ({ name, url: `http://${name}.test`, typeDefs: parse(sdl) }));
  const result = composeServices(services);
  return { seconds: (performance.now() - start) / 1000, composes: !result.errors };
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const measured = composeOnce(JSON.parse(line));
    // maxRSS is in kilobytes
    process.stdout.write(JSON.stringify({ ...measured, peak: process.resourceUsage().maxRSS * 1024 }) + '\n');
  }
}

main();
