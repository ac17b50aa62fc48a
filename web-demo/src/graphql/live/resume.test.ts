// A subscription that is cut off goes on where it was; one that has ended, or never may be, does not.
import { beforeEach, describe, expect, it } from "vitest";
import { type Observer, type Request, type Result, resuming, STEADY_MS } from "./resume";
import { cursorIn, verdictOn } from "./verdict";

/** Each time it is subscribed, `asked` has another entry, to be played by the test. */
class Api {
  asked: { request: Request; observer: Observer; stopped: boolean }[] = [];
  pauses: number[] = [];
  stood = 0;
  restarts = 0;
  tokens = 0;
  told: unknown[] = [];
  end: "open" | "completed" | "refused" = "open";

  readonly stop = resuming({
    subscribe: (request, observer) => {
      const entry = { request, observer, stopped: false };
      this.asked.push(entry);
      return () => (entry.stopped = true);
    },
    connection: {
      pause: (failures) => Promise.resolve(void this.pauses.push(failures)),
      stoodSince: () => this.stood,
    },
    unauthenticated: () => Promise.resolve(this.tokens++),
    restarted: () => (this.restarts += 1),
  })(
    { query: "subscription", variables: { after: "c0" } },
    { next: (result) => this.told.push(result.data), error: () => (this.end = "refused"), complete: () => (this.end = "completed") },
  );

  get latest() {
    const latest = this.asked.at(-1);
    if (latest === undefined) throw new Error("nothing was asked");
    return latest;
  }

  event(cursor: string): void {
    this.latest.observer.next({ data: { notifications: { cursor } } });
  }

  async cut(): Promise<void> {
    this.latest.observer.error(new Error("socket closed"));
    await settled();
  }

  async refuse(code: string): Promise<void> {
    const result: Result = { data: null, errors: [{ extensions: { code } }] };
    this.latest.observer.next(result);
    this.latest.observer.complete();
    await settled();
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

let api: Api;
beforeEach(() => (api = new Api()));

describe("a subscription", () => {
  it("begins where it was asked to, and goes on from the last event after every cut", async () => {
    expect(api.latest.request.variables).toEqual({ after: "c0" });
    api.event("c1");
    api.event("c2");
    await api.cut();
    expect(api.latest.request.variables).toEqual({ after: "c2" });
    api.event("c3");
    await api.cut();
    expect(api.latest.request.variables).toEqual({ after: "c3" });
    expect(api.told).toHaveLength(3);
  });

  it("pauses longer with each failure, and not at all after one event", async () => {
    await api.cut();
    await api.cut();
    await api.cut();
    api.event("c1");
    await api.cut();
    expect(api.pauses).toEqual([0, 1, 2, 0]);
  });

  it("begins its pauses anew after it stood for a while, though nothing came", async () => {
    await api.cut();
    await api.cut();
    api.stood = STEADY_MS;
    await api.cut();
    api.stood = 0;
    await api.cut();
    expect(api.pauses).toEqual([0, 1, 0, 1]);
  });

  it("lets go of what was cut off", async () => {
    await api.cut();
    expect(api.asked.map(({ stopped }) => stopped)).toEqual([true, false]);
  });

  it("is over when the API has said all", async () => {
    api.latest.observer.complete();
    await settled();
    expect(api.end).toBe("completed");
    expect(api.asked).toHaveLength(1);
  });

  it("asks for another token where that is refused, and again with it", async () => {
    await api.refuse("UNAUTHENTICATED");
    expect(api.tokens).toBe(1);
    expect(api.asked).toHaveLength(2);
  });

  it("goes on without a cursor that does not count any more, and says that something may be missing", async () => {
    await api.refuse("CURSOR_EXPIRED");
    expect(api.latest.request.variables).toEqual({ after: null });
    expect(api.restarts).toBe(1);
  });

  it("is refused for good where it is not one's own", async () => {
    await api.refuse("FORBIDDEN");
    expect(api.end).toBe("refused");
    expect(api.asked).toHaveLength(1);
  });

  it("that was stopped is not asked again", async () => {
    api.stop();
    await api.cut();
    expect(api.asked).toHaveLength(1);
    expect(api.latest.stopped).toBe(true);
  });
});

it("asks again after what passes: a restart, a slow line, an expired token", () => {
  for (const code of [
    "SUBSCRIPTION_JWT_EXPIRED",
    "SUBSCRIPTION_SERVER_SHUTDOWN",
    "SUBSCRIPTION_TOO_SLOW",
    "UNAVAILABLE",
    "NEVER_HEARD_OF",
  ]) {
    expect(verdictOn({ kind: "refused", code }, true)).toBe("again");
  }
});

it("takes bad input for a bad cursor where there was one, and for good where there was none", () => {
  expect(verdictOn({ kind: "refused", code: "BAD_USER_INPUT" }, true)).toBe("anew");
  expect(verdictOn({ kind: "refused", code: "BAD_USER_INPUT" }, false)).toBe("refused");
});

it("finds the cursor of what has one", () => {
  expect(cursorIn({ notifications: { cursor: "c" } })).toBe("c");
  expect(cursorIn({ walletUpdated: { id: "w" } })).toBeNull();
  expect(cursorIn(null)).toBeNull();
});
