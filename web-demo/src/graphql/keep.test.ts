// A refetch that fails takes nothing away; a first question that fails is an error, and so is one that the API has refused.
import { Client, gql, makeErrorResult, makeOperation, makeResult, type Operation, type OperationResult } from "@urql/core";
import { expect, it } from "vitest";
import { filter, map, pipe, subscribe } from "wonka";
import { keep } from "./keep";

const NAME = gql`
  query Name {
    name
  }
`;

function setting(results: ((operation: Operation) => OperationResult)[]) {
  const client = new Client({
    url: "http://router.test/graphql",
    preferGetMethod: false,
    exchanges: [
      keep(),
      () => (operations) =>
        pipe(
          operations,
          filter(({ kind }) => kind === "query"),
          map((operation) => results.shift()?.(operation) ?? makeErrorResult(operation, new Error("nothing left"))),
        ),
    ],
  });
  const seen: OperationResult[] = [];
  const looking = pipe(
    client.query(NAME, {}),
    subscribe((result) => seen.push(result)),
  );
  const again = () => client.query(NAME, {}, { requestPolicy: "network-only" }).toPromise();
  return { seen, looking, again };
}

const ada = (operation: Operation) => makeResult(operation, { data: { name: "Ada" } });
const cut = (operation: Operation) => makeErrorResult(operation, new Error("Failed to fetch"));
const away = (operation: Operation) =>
  makeResult(operation, { data: null, errors: [{ message: "…", extensions: { code: "DOWNSTREAM_SERVICE_ERROR" } }] });
const cached = (operation: Operation) =>
  makeResult(makeOperation("query", operation, { ...operation.context, meta: { cacheOutcome: "hit" } }), { data: { name: "Ada" } });
const lookedFor = (operation: Operation) =>
  makeResult(makeOperation("query", operation, { ...operation.context, requestPolicy: "cache-only" }), { data: null });
const refused = (operation: Operation) => makeResult(operation, { data: null, errors: [{ message: "No." }] });

it("keeps what is shown when the line is cut, and tells of that, too", async () => {
  const { again } = setting([ada, cut]);
  expect(await again()).toMatchObject({ data: { name: "Ada" }, error: { networkError: { message: "Failed to fetch" } } });
});

it("keeps what is shown when a service is away, and tells of that, too", async () => {
  const { again } = setting([ada, away]);
  expect(await again()).toMatchObject({ data: { name: "Ada" }, error: { graphQLErrors: [{ message: "…" }] } });
});

it("goes on telling of it while the cache answers, until the API does", async () => {
  const { again } = setting([ada, away, cached, ada]);
  await again();
  expect(await again()).toMatchObject({ data: { name: "Ada" }, error: { graphQLErrors: [{ message: "…" }] } });
  expect((await again()).error).toBeUndefined();
});

it("goes on telling of it where the cache has looked for it in vain", async () => {
  const { again } = setting([away, lookedFor]);
  expect(await again()).toMatchObject({ error: { graphQLErrors: [{ message: "…" }] } });
});

it("goes on telling of a refusal where the cache has looked for it in vain: nothing would be asked for any more", async () => {
  const { again } = setting([refused, lookedFor]);
  expect(await again()).toMatchObject({ error: { graphQLErrors: [{ message: "No." }] } });
});

it("keeps what is shown where the cache has lost a part of it", async () => {
  const { again } = setting([ada, lookedFor]);
  expect(await again()).toMatchObject({ data: { name: "Ada" } });
});

it("keeps what is shown when somebody tries again in vain, who looks away and back at once", async () => {
  const { looking, again } = setting([ada, away, away]);
  await again();
  looking.unsubscribe();
  expect(await again()).toMatchObject({ data: { name: "Ada" }, error: { graphQLErrors: [{ message: "…" }] } });
});

it("has nothing to keep the first time, and nothing after everybody has looked away", async () => {
  expect(setting([cut]).seen[0]?.data).toBeUndefined();
  const { looking, again } = setting([ada, cut]);
  looking.unsubscribe();
  await Promise.resolve();
  expect((await again()).data).toBeUndefined();
});

it("keeps nothing that the API has refused to tell again", async () => {
  const { again } = setting([ada, refused]);
  expect((await again()).data).toBeNull();
});
