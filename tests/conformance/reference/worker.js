// Applies the reference to requests: a JSON object per line in, one per line out, until stdin ends.
// {kind: "compose", subgraphs: [{name, url, sdl}]}, {kind: "plan", supergraph, query} or {kind: "execute", supergraph, query,
// variables}; an answer always comes. Before that of "execute" come lines {ask: number, subgraph, query, variables}, each of which
// waits for a line {kind: "answered", ask: number, response} in.
'use strict';
const readline = require('readline');
const { composeSubgraphs } = require('./compose');
const { planQuery, executeOperation } = require('./gateway');

const LINES_MAX = 8;
const KINDS = { compose: composeSubgraphs, plan: planQuery, execute: executeOperation };
const asked = new Map();
let asks = 0;

function say(message) {
  process.stdout.write(JSON.stringify(message) + '\n');
}

function ask(request) {
  asks += 1;
  say({ ask: asks, ...request });
  return new Promise((resolve) => { asked.set(asks, resolve); });
}

async function answer(request) {
  try {
    return await KINDS[request.kind](request, ask);
  } catch (error) {
    return { thrown: String(error && error.stack ? error.stack : error).split('\n').slice(0, LINES_MAX).join('\n') };
  }
}

async function take(line) {
  const message = JSON.parse(line);
  if (message.kind === 'answered') {
    asked.get(message.ask)(message.response);
    asked.delete(message.ask);
  } else {
    say(await answer(message));
  }
}

// The reference may write to the console, whose output is where answers go.
console.log = console.info = console.debug = console.error;
readline.createInterface({ input: process.stdin }).on('line', take);
