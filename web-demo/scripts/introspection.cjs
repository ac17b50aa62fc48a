// A plugin of GraphQL Code Generator: the schema as the normalised cache needs it, which types and fields there are and nothing else.
const { introspectionFromSchema } = require("graphql");
const { minifyIntrospectionQuery } = require("@urql/introspection");

module.exports = {
  plugin(schema) {
    const minified = minifyIntrospectionQuery(introspectionFromSchema(schema, { descriptions: false }));
    return `export default ${JSON.stringify(minified)} as const;\n`;
  },
};
