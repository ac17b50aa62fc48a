// Loads a supergraph in the gateway, without any network, and plans or executes an operation.
'use strict';
const { ApolloGateway } = require('@apollo/gateway');
const { createHash } = require('crypto');
const { parse, validate } = require('graphql');

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const NOWHERE = () => ({ process: async () => ({ data: null }) });
const KEPT_MAX = 4;
const kept = new Map();

// A gateway whose subgraphs are what `sourceOf` makes of their names; `plan()` is the plan made last.
async function load(supergraph, sourceOf) {
  let resolved = null;
  const gateway = new ApolloGateway({
    supergraphSdl: supergraph,
    buildService: ({ name }) => sourceOf(name),
    logger: SILENT,
    experimental_didResolveQueryPlan: ({ queryPlan }) => { resolved = queryPlan; },
  });
  try {
    const { schema, executor } = await gateway.load();
    return { schema, executor, plan: () => resolved, forget: () => { resolved = null; }, stop: () => gateway.stop() };
  } catch (error) {
    await gateway.stop();
    throw error;
  }
}

function request(query, variables, document, schema) {
  return {
    request: { query, variables },
    document,
    operationName: null,
    operation: document.definitions[0],
    source: query,
    queryHash: createHash('sha256').update(query).digest('hex'),
    schema,
    logger: SILENT,
    metrics: {},
    context: {},
    cache: null,
  };
}

function servicesOf(node, found = new Set()) {
  if (node && node.kind === 'Fetch') found.add(node.serviceName);
  for (const child of Object.values(node || {})) {
    if (child && typeof child === 'object') servicesOf(child, found);
  }
  return found;
}

async function run({ schema, executor, plan, forget }, query, variables) {
  const document = parse(query);
  const invalid = validate(schema, document);
  if (invalid.length) return { error: `invalid operation: ${invalid[0].message}` };
  forget();
  let response = {};
  try {
    response = await executor(request(query, variables || {}, document, schema));
  } catch (error) {
    if (!plan()) return { error: error.message };
  }
  if (!plan()) return { error: 'the gateway made no plan' };
  const errors = (response.errors || []).map(({ message, path }) => ({ message, path }));
  return { error: null, plan: plan(), response: { data: response.data, errors } };
}

async function planQuery({ supergraph, query }) {
  const gateway = await load(supergraph, NOWHERE);
  try {
    const { error, plan } = await run(gateway, query);
    return error ? { error } : { error: null, plan, subgraphs: [...servicesOf(plan)].sort() };
  } finally {
    await gateway.stop();
  }
}

// `ask` puts a request for a subgraph to whoever wants the operation executed. The gateways used last are kept.
async function executeOperation({ supergraph, query, variables }, ask) {
  const gateway = kept.get(supergraph) || await load(supergraph, (subgraph) => ({
    process: ({ request }) => ask({ subgraph, query: request.query, variables: request.variables || {} }),
  }));
  kept.delete(supergraph);
  kept.set(supergraph, gateway);
  if (kept.size > KEPT_MAX) {
    const [oldest, unused] = kept.entries().next().value;
    kept.delete(oldest);
    await unused.stop();
  }
  return run(gateway, query, variables);
}

module.exports = { planQuery, executeOperation };
