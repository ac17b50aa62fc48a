// Applies the reference to requests: a JSON object per line in, one per line out, until stdin ends.
// {kind: "compose", subgraphs: [{name, url, sdl}]} or {kind: "plan", supergraph, query}; an answer always comes.
'use strict';
const readline = require('readline');
const { composeSubgraphs } = require('./compose');
const { planQuery } = require('./gateway');

const LINES_MAX = 8;
const KINDS = { compose: composeSubgraphs, plan: planQuery };

async function answer(line) {
  try {
    const request = JSON.parse(line);
    return await KINDS[request.kind](request);
  } catch (error) {
    return { thrown: String(error && error.stack ? error.stack : error).split('\n').slice(0, LINES_MAX).join('\n') };
  }
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await answer(line)) + '\n');
  }
}

// The reference may write to the console, whose output is where answers go.
console.log = console.info = console.debug = console.error;
main();
