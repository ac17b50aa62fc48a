"""What the five subgraphs share as GraphQL services: application, scalars, value types, errors, pages."""
