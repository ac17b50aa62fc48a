// Typed documents of every `graphql(…)` in src, and the schema as the cache needs it, both from the API's SDL.
import type { CodegenConfig } from "@graphql-codegen/cli";
import { addTypenameSelectionDocumentTransform } from "@graphql-codegen/client-preset";

const config: CodegenConfig = {
  schema: "../schema/api.graphql",
  documents: ["src/**/*.{ts,tsx}", "!src/graphql/generated/**", "!src/**/*.test.ts"],
  ignoreNoDocuments: true,
  errorsOnly: true,
  generates: {
    "src/graphql/generated/": {
      preset: "client",
      // Answers are unions: what one is must be asked for, or the client leaves it out of what it hands over.
      documentTransforms: [addTypenameSelectionDocumentTransform],
      presetConfig: { fragmentMasking: { unmaskFunctionName: "readFragment" } },
      config: {
        scalars: { MinorUnits: "number", CurrencyCode: "string", DateTime: "string" },
        strictScalars: true,
        enumsAsTypes: true,
        useTypeImports: true,
        nonOptionalTypename: true,
        skipTypeNameForRoot: true,
      },
    },
    "src/graphql/generated/introspection.ts": { plugins: ["./scripts/introspection.cjs"] },
  },
};

export default config;
