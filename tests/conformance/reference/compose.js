// Subgraphs in; whether they compose, with which codes, and what the supergraph is.
'use strict';
const { composeServices } = require('@apollo/composition');
const { printSchema } = require('@apollo/federation-internals');

function finding(code, error) {
  return { code: code || 'NO_CODE', message: error.message };
}

function composeSubgraphs({ subgraphs }) {
  const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: sdl }));
  const result = composeServices(services);
  return {
    composes: !result.errors,
    errors: (result.errors || []).map((error) => finding(error.extensions && error.extensions.code, error)),
    hints: (result.hints || []).map((hint) => finding(hint.definition.code, hint)),
    supergraph: result.supergraphSdl || null,
    api: result.schema ? printSchema(result.schema.toAPISchema()) : null,
  };
}

module.exports = { composeSubgraphs };
