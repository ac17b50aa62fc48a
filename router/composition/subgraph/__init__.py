"""From a subgraph's SDL to the schema that composition works on: links, definitions, validity, canonical names."""
