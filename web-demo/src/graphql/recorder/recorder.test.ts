import { Client, fetchExchange, gql } from "@urql/core";
import { describe, expect, test, vi } from "vitest";
import { pipe, subscribe } from "wonka";

import { redacted } from "./record";
import { createRecorder, PLAN_HEADER, UNRECORDED } from "./recorder";
import { added, changed, RECORDED_MAX } from "./ring";

const ANSWER = { data: { me: { id: "1" } }, extensions: { cost: { estimated: 2 } } };

function setting(answer: unknown = ANSWER, stored: Record<string, string> = {}) {
  const storage = {
    getItem: (key: string) => stored[key] ?? null,
    setItem: (key: string, value: string) => void (stored[key] = value),
  };
  const sent = vi.fn<typeof fetch>(() =>
    Promise.resolve(new Response(JSON.stringify(answer), { headers: { "content-type": "application/json", "x-request-id": "r1" } })),
  );
  const recorder = createRecorder({ storage, page: () => "/send" });
  const client = new Client({
    url: "http://router.test/graphql",
    exchanges: [recorder.exchange, fetchExchange],
    fetch: sent,
    preferGetMethod: false,
  });
  const headers = () => new Headers(sent.mock.lastCall?.[1]?.headers);
  return { recorder, client, headers, stored };
}

const ME = gql`
  query Me {
    me {
      id
    }
  }
`;

describe("the recorder", () => {
  test("knows that nobody waits any more for what was under way, and nothing of what never left", async () => {
    const { recorder } = setting();
    const never = new Promise<Response>(() => undefined);
    const client = new Client({
      url: "http://router.test/graphql",
      exchanges: [recorder.exchange, fetchExchange],
      fetch: () => never,
      preferGetMethod: false,
    });
    const wait = () =>
      pipe(
        client.query(ME, {}),
        subscribe(() => undefined),
      );
    wait().unsubscribe();
    expect(recorder.recorded()).toEqual([]);

    const waiting = wait();
    await new Promise((resolve) => setTimeout(resolve));
    expect(recorder.recorded()[0]?.state).toBe("running");
    waiting.unsubscribe();
    expect(recorder.recorded().map(({ state }) => state)).toEqual(["ended"]);
  });

  test("remembers what was asked, by whom, and what came beside the data", async () => {
    const { recorder, client } = setting();
    await client.query(ME, {}).toPromise();

    const [record] = recorder.recorded();
    expect(record).toMatchObject({
      kind: "query",
      name: "Me",
      page: "/send",
      state: "answered",
      answers: 1,
      extensions: ANSWER.extensions,
    });
    expect(record?.http).toMatchObject({ status: 200, requestId: "r1" });
    expect(JSON.stringify(record)).not.toContain('"me"');
  });

  test("asks for plans only once somebody wants to see them, and goes on after a reload", async () => {
    const { recorder, client, headers, stored } = setting();
    await client.query(ME, {}).toPromise();
    expect(headers().get(PLAN_HEADER)).toBeNull();

    recorder.askForPlans();
    await client.query(ME, {}, { requestPolicy: "network-only" }).toPromise();
    expect(headers().get(PLAN_HEADER)).toBe("true");
    expect(setting(ANSWER, stored).recorder.plansSince()).toEqual(recorder.plansSince());
  });

  test("leaves the panel's own operations out, and asks no plan for them", async () => {
    const { recorder, client, headers } = setting();
    recorder.askForPlans();
    await client.query(ME, {}, UNRECORDED).toPromise();

    expect(recorder.recorded()).toEqual([]);
    expect(headers().get(PLAN_HEADER)).toBeNull();
  });

  test("tells one request from the next of the same operation", async () => {
    const { recorder, client } = setting();
    const twice = [client.query(ME, {}, { requestPolicy: "network-only" }), client.query(ME, {}, { requestPolicy: "network-only" })];
    await Promise.all(twice.map((each) => each.toPromise()));

    expect(recorder.recorded().every(({ state, answers }) => state === "answered" && answers === 1)).toBe(true);
  });

  test("says what went wrong", async () => {
    const { recorder, client } = setting({ data: null, errors: [{ message: "No." }] });
    await client.query(ME, {}).toPromise();

    expect(recorder.recorded()[0]).toMatchObject({ state: "failed", errors: ["No."] });
  });

  test("keeps no password and no token", () => {
    expect(redacted({ input: { email: "a@b", password: "hunter2" }, refreshToken: "x", ids: [{ secret: "s" }] })).toEqual({
      input: { email: "a@b", password: "•••" },
      refreshToken: "•••",
      ids: [{ secret: "•••" }],
    });
  });
});

describe("the ring", () => {
  const record = (id: number) => ({ id, key: id }) as never;

  test("keeps the latest", () => {
    let ring: readonly { id: number }[] = [];
    for (let id = 0; id < RECORDED_MAX + 5; id += 1) ring = added(ring as never, record(id));
    expect([ring.length, ring[0]?.id, ring.at(-1)?.id]).toEqual([RECORDED_MAX, 5, RECORDED_MAX + 4]);
  });

  test("stays what it is where a change concerns what is gone", () => {
    const ring = [record(1)];
    expect(
      changed(
        ring,
        ({ id }) => id === 2,
        (before) => before,
      ),
    ).toBe(ring);
  });
});
