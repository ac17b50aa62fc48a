// Loads a supergraph in the gateway, without any network, and plans a query.
'use strict';
const { ApolloGateway } = require('@apollo/gateway');
const { createHash } = require('crypto');
const { parse, validate } = require('graphql');

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const NOWHERE = { process: async () => ({ data: null }) };

async function withGateway(supergraph, use) {
  let resolved = null;
  const gateway = new ApolloGateway({
    supergraphSdl: supergraph,
    buildService: () => NOWHERE,
    logger: SILENT,
    experimental_didResolveQueryPlan: ({ queryPlan }) => { resolved = queryPlan; },
  });
  try {
    const { schema, executor } = await gateway.load();
    return await use({ schema, executor, plan: () => resolved });
  } finally {
    await gateway.stop();
  }
}

function request(query, document, schema) {
  return {
    request: { query, variables: {} },
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

function planQuery({ supergraph, query }) {
  return withGateway(supergraph, async ({ schema, executor, plan }) => {
    const document = parse(query);
    const invalid = validate(schema, document);
    if (invalid.length) return { error: `invalid operation: ${invalid[0].message}` };
    try {
      await executor(request(query, document, schema));
    } catch (error) {
      if (!plan()) return { error: error.message };
    }
    if (!plan()) return { error: 'the gateway made no plan' };
    return { error: null, plan: plan(), subgraphs: [...servicesOf(plan())].sort() };
  });
}

module.exports = { planQuery };
