// Whose token a request carries.
import { Client, gql, makeErrorResult, makeResult, type Operation } from "@urql/core";
import { beforeEach, expect, it, vi } from "vitest";
import { mergeMap, filter, fromPromise, pipe } from "wonka";

const session = vi.hoisted(() => ({ state: {}, token: null as string | null, refresh: () => Promise.resolve<string | null>(null) }));
vi.mock("../session", () => ({ session }));
const { authentication } = await import("./authentication");

const NAME = gql`
  query Name {
    name
  }
`;

/** A client of who is signed in now; what it sends is answered with the token that it carries, or refused where it carries "old". */
function client(): Client {
  return new Client({
    url: "http://router.test/graphql",
    preferGetMethod: false,
    exchanges: [
      authentication(),
      () => (operations) =>
        pipe(
          operations,
          filter(({ kind }) => kind !== "teardown"),
          mergeMap((operation) => fromPromise(Promise.resolve(answerTo(operation)))),
        ),
    ],
  });
}

function answerTo(operation: Operation) {
  const { headers = {} } = (operation.context.fetchOptions ?? {}) as { headers?: Record<string, string> };
  const name = headers.authorization ?? "nobody";
  return name === "Bearer old" ? makeErrorResult(operation, new Error("401"), { status: 401 }) : makeResult(operation, { data: { name } });
}

const carriedBy = async (of: Client) => ((await of.query(NAME, {}).toPromise()).data as { name: string }).name;

const RENAME = gql`
  mutation Rename {
    name
  }
`;

beforeEach(() => {
  session.state = { status: "signed-in", userId: "ada", generation: 1 };
  session.token = "ada-1";
});

it("is one's own", async () => {
  expect(await carriedBy(client())).toBe("Bearer ada-1");
});

it("is the next one where this one is refused", async () => {
  session.token = "old";
  session.refresh = () => Promise.resolve((session.token = "ada-2"));
  expect(await carriedBy(client())).toBe("Bearer ada-2");
});

it("is never that of who signed in meanwhile", async () => {
  session.token = null;
  session.refresh = () => {
    session.state = { status: "signed-in", userId: "ben", generation: 2 };
    return Promise.resolve((session.token = "ben-1"));
  };
  expect(await carriedBy(client())).toBe("nobody");
});

it("is waited for by each of two commands that are the same", async () => {
  let renewed = (): void => undefined;
  session.token = null;
  session.refresh = () => new Promise((resolve) => (renewed = () => resolve((session.token = "ada-2"))));
  const one = client();
  const answers = Promise.all([one.mutation(RENAME, {}).toPromise(), one.mutation(RENAME, {}).toPromise()]);
  await new Promise((resolve) => setTimeout(resolve));
  renewed();
  expect((await answers).map(({ data }) => data as unknown)).toEqual([{ name: "Bearer ada-2" }, { name: "Bearer ada-2" }]);
});
