// What is asked again after a change: what is shown, once at a time, and never on the word of an answer that is older than the change.
import { Client, gql, makeOperation, type Exchange, type Operation, type OperationResult } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { filter, makeSubject, merge, pipe, subscribe, tap } from "wonka";
import { keep } from "./keep";
import { neverSilent } from "./neverSilent";
import { refresh } from "./refresh";

const WALLETS = gql`
  query Wallets {
    wallets {
      balance
    }
  }
`;
const NAME = gql`
  query Name {
    name
  }
`;
const UNREAD = gql`
  query Unread {
    me {
      id
      unread
    }
  }
`;
const OWN_NAME = gql`
  query OwnName {
    me {
      id
      displayName
    }
  }
`;
const OWN_WALLETS = gql`
  query OwnWallets {
    wallets {
      id
    }
  }
`;
const NAMED_WALLETS = gql`
  query NamedWallets {
    wallets {
      id
      name
    }
  }
`;
const UPDATED = gql`
  subscription Updated {
    walletUpdated {
      balance
    }
  }
`;

/** A client whose questions wait until they are answered by hand. */
function setting(...cache: Exchange[]) {
  const again = refresh();
  const asked: Operation[] = [];
  const given: number[] = []; // up
  const answers = makeSubject<OperationResult>();
  const client = new Client({
    url: "http://router.test/graphql",
    preferGetMethod: false,
    requestPolicy: "cache-and-network",
    exchanges: [
      keep(),
      again.exchange,
      ...cache,
      again.line,
      () => (operations) =>
        merge([
          answers.source,
          pipe(
            operations,
            tap((operation) => (operation.kind === "teardown" ? given.push(operation.key) : asked.push(operation))),
            filter((operation): operation is never => operation.kind === ("never" as string)),
          ),
        ]),
    ],
  });
  const answer = (operation: Operation | undefined, data: object | null) => {
    if (operation === undefined) throw new Error("nothing was asked");
    answers.next({ operation: makeOperation(operation.kind, operation), data, stale: false, hasNext: operation.kind === "subscription" });
  };
  const show = (document: typeof WALLETS, see: (data: unknown) => void = () => undefined) =>
    pipe(
      client.query(document, {}),
      subscribe(({ data }) => see(data)),
    );
  const follow = () =>
    pipe(
      client.subscription(UPDATED, {}),
      subscribe(() => undefined),
    );
  return { again, asked, given, answer, show, follow };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const aMoment = () => vi.advanceTimersByTimeAsync(200);

describe("what is shown", () => {
  it("is asked again once for a burst of changes, where it tells of what has changed", async () => {
    const { asked, answer, show, follow } = setting();
    show(WALLETS);
    show(NAME);
    follow();
    const [wallets, name, updated] = asked;
    answer(wallets, { wallets: [] });
    answer(name, { name: "Ada" });
    for (let event = 0; event < 5; event += 1) answer(updated, { walletUpdated: { balance: event } });
    await aMoment();
    expect(asked.slice(3).map(({ key }) => key)).toEqual([wallets?.key]);
  });

  it("is asked once at a time, however often the line comes back, and once more after that", async () => {
    const { again, asked, answer, show } = setting();
    show(WALLETS);
    for (let drop = 0; drop < 12; drop += 1) {
      again.all();
      await aMoment();
    }
    expect(asked).toHaveLength(1);
    answer(asked[0], { wallets: [] });
    await aMoment();
    expect(asked).toHaveLength(2);
    answer(asked[1], { wallets: [] });
    await aMoment();
    expect(asked).toHaveLength(2);
  });

  it("is asked of the API itself while there is no answer, which the cache has none of either", async () => {
    const { again, asked, answer, show } = setting();
    show(WALLETS);
    for (const data of [null, { wallets: [] }]) {
      answer(asked.at(-1), data);
      again.all();
      await aMoment();
    }
    expect(asked.slice(1).map(({ context }) => context.requestPolicy)).toEqual(["network-only", "cache-and-network"]);
  });

  it("can be asked for after an answer to something else has made the cache look for it in vain", async () => {
    const { again, asked, answer, show } = setting(neverSilent(cacheExchange({})));
    const seen: unknown[] = [];
    show(UNREAD, (data) => seen.push(data));
    show(OWN_NAME);
    const [unread, name] = asked;
    answer(unread, null);
    for (const displayName of ["Ada", "Ada L."]) {
      answer(name, { me: { __typename: "User", id: "1", displayName } });
      await aMoment();
    }
    expect(asked).toHaveLength(2);
    again.all();
    await aMoment();
    expect(asked.slice(2).map(({ key }) => key)).toContain(unread?.key);
    answer(unread, { me: { __typename: "User", id: "1", unread: 2 } });
    expect(seen.at(-1)).toMatchObject({ me: { unread: 2 } });
  });

  it("is asked for by whoever looks at it next, also where the cache has just looked for it in vain", async () => {
    const { asked, answer, show } = setting(neverSilent(cacheExchange({})));
    show(UNREAD);
    show(OWN_NAME);
    const [unread, name] = asked;
    answer(unread, null);
    answer(name, { me: { __typename: "User", id: "1", displayName: "Ada" } });
    await aMoment();
    const seen: unknown[] = [];
    show(UNREAD).unsubscribe(); // as useQuery does, to render
    show(UNREAD, (data) => seen.push(data));
    await aMoment();
    expect(asked.slice(2).map(({ key }) => key)).toContain(unread?.key);
    answer(asked.at(-1), { me: { __typename: "User", id: "1", unread: 2 } });
    expect(seen.at(-1)).toMatchObject({ me: { unread: 2 } });
  });

  it("can be asked for after answers to something else have taken it out of the cache, and stays meanwhile", async () => {
    const { again, asked, answer, show } = setting(neverSilent(cacheExchange({})));
    const seen: unknown[] = [];
    const wallet = (id: string) => ({ __typename: "Wallet", id });
    show(NAMED_WALLETS, (data) => seen.push(data));
    show(OWN_WALLETS);
    const [named, own] = asked;
    answer(named, { wallets: [{ ...wallet("1"), name: "One" }] });
    for (const id of ["2", "3"]) {
      answer(own, { wallets: [wallet("1"), wallet(id)] });
      await aMoment();
    }
    expect(seen.at(-1)).toMatchObject({ wallets: [{ name: "One" }] });
    again.all();
    await aMoment();
    expect(asked.slice(2).map(({ key }) => key)).toContain(named?.key);
  });

  it("is asked again where the first event of a stream overtakes an answer", async () => {
    const { asked, answer, show, follow } = setting();
    show(WALLETS);
    follow();
    answer(asked[1], { walletUpdated: { balance: 1 } });
    answer(asked[0], { wallets: [] });
    await aMoment();
    expect(asked.slice(2).map(({ key }) => key)).toEqual([asked[0]?.key]);
  });

  it("is given up and asked anew when the line is back on which it was under way, and its answer counts", () => {
    const { again, asked, given, answer, show } = setting();
    const seen: unknown[] = [];
    show(WALLETS, (data) => seen.push(data));
    again.restored();
    expect(given).toEqual([asked[0]?.key]);
    expect(asked.map(({ key }) => key)).toEqual([asked[0]?.key, asked[0]?.key]);
    answer(asked[1], { wallets: ["new"] });
    expect(seen).toEqual([{ wallets: ["new"] }]);
  });

  it("is not asked again for the first event of a stream alone, nor when nobody looks any more", async () => {
    const { again, asked, answer, show, follow } = setting();
    const looking = show(WALLETS);
    answer(asked[0], { wallets: [] });
    follow();
    answer(asked[1], { walletUpdated: { balance: 1 } });
    await aMoment();
    looking.unsubscribe();
    again.all();
    await aMoment();
    expect(asked).toHaveLength(2);
  });
});
