// Who may import whom: app > features > components > graphql, session, money. Features never know each other; only the app knows them all.
module.exports = {
  forbidden: [
    {
      name: "features-are-apart",
      comment: "A feature imports components, never another feature: a page of the app composes them.",
      severity: "error",
      from: { path: "^src/features/([^/]+)/" },
      to: { path: "^src/features/", pathNot: "^src/features/$1/" },
    },
    {
      name: "app-is-on-top",
      comment: "Only main.tsx starts the app; nothing below knows of it.",
      severity: "error",
      from: { path: "^src/(features|components|graphql|session|money)/" },
      to: { path: "^src/app/" },
    },
    {
      name: "components-know-no-feature",
      severity: "error",
      from: { path: "^src/(components|graphql|session|money)/" },
      to: { path: "^src/features/" },
    },
    {
      name: "foundations-draw-nothing",
      comment: "The API, the session and the arithmetic of money are used by components, not the other way round.",
      severity: "error",
      from: { path: "^src/(graphql|session|money)/" },
      to: { path: "^src/components/" },
    },
    { name: "money-is-pure", severity: "error", from: { path: "^src/money/" }, to: { pathNot: "^src/money/" } },
    { name: "no-cycles", severity: "error", from: { pathNot: "^src/graphql/generated/" }, to: { circular: true } },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "\\.test\\.ts$" },
  },
};
