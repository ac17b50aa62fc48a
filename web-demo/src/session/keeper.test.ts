// A session among several tabs: one refresh at a time, no token used twice, everybody signed out at once.
import { beforeEach, describe, expect, it } from "vitest";
import { type Grant, type Kept, type Message, renewedAhead, SessionKeeper, type Surroundings } from "./keeper";

/** An API that ends the session when a token comes a second time, and the storage, wire and lock that tabs share. */
class World {
  kept: Kept | null = null;
  time = 0;
  refreshes = 0;
  ended = false;
  away = false;
  loggedOut: string[] = [];
  alarms: (() => void)[] = [];
  pauses: number[] = [];
  private readonly used = new Set<string>();
  private readonly ears: ((message: Message) => void)[] = [];
  private line: Promise<unknown> = Promise.resolve();

  tab(): SessionKeeper {
    const ear: { hear: (message: Message) => void } = { hear: () => undefined };
    this.ears.push((message) => ear.hear(message));
    const own = this.ears.length - 1;
    const around: Surroundings = {
      store: { read: () => this.kept, write: (kept) => (this.kept = kept), clear: () => (this.kept = null) },
      channel: {
        post: (message) => this.ears.forEach((hear, index) => index !== own && hear(message)),
        listen: (hear) => (ear.hear = hear),
      },
      exclusively: (work) => {
        const turn = this.line.then(work, work);
        this.line = turn.catch(() => undefined);
        return turn;
      },
      refresh: (token) => Promise.resolve().then(() => this.answer(token)),
      logout: (token) => Promise.resolve(void this.loggedOut.push(token)),
      now: () => this.time,
      later: (work, milliseconds) => {
        this.alarms.push(work);
        this.pauses.push(milliseconds);
        return () => (this.alarms = this.alarms.filter((alarm) => alarm !== work));
      },
    };
    return new SessionKeeper(around);
  }

  grant(number: number): Grant {
    return { accessToken: `access-${number}`, refreshToken: `refresh-${number}`, expiresIn: 600, userId: "ada" };
  }

  private answer(token: string): Grant | null {
    if (this.away) throw new Error("nobody answers");
    if (this.used.has(token)) this.ended = true;
    this.used.add(token);
    return this.ended ? null : this.grant(++this.refreshes + 1);
  }
}

let world: World;
beforeEach(() => (world = new World()));

describe("a tab", () => {
  it("is signed out until somebody signs in, and has a token from then on", async () => {
    const tab = world.tab();
    expect(tab.state.status).toBe("signed-out");
    tab.start(world.grant(1));
    expect(tab.state).toMatchObject({ status: "signed-in", userId: "ada" });
    expect(await tab.accessToken()).toBe("access-1");
    expect(world.refreshes).toBe(0);
  });

  it("that is opened later goes on with the session that is kept", async () => {
    world.kept = { refreshToken: "refresh-1", userId: "ada" };
    const tab = world.tab();
    expect(tab.state.status).toBe("signed-in");
    expect(await tab.accessToken()).toBe("access-2");
    expect(world.kept.refreshToken).toBe("refresh-2");
  });

  it("refreshes once for all that wait for a token", async () => {
    world.kept = { refreshToken: "refresh-1", userId: "ada" };
    const tab = world.tab();
    expect(new Set(await Promise.all([tab.accessToken(), tab.accessToken(), tab.refresh()]))).toEqual(new Set(["access-2"]));
    expect(world.refreshes).toBe(1);
  });

  it("refreshes by itself before the token ends", async () => {
    const tab = world.tab();
    tab.start(world.grant(1));
    world.time = 545_000;
    world.alarms.at(-1)?.();
    await Promise.resolve();
    expect(await tab.refresh()).toBe("access-2");
    expect(world.refreshes).toBe(1);
  });

  it("keeps a token for two thirds of its life, and a long one until a minute before its end", () => {
    expect([30, 60, 180, 600, 3600].map((seconds) => seconds - renewedAhead(seconds * 1000) / 1000)).toEqual([20, 40, 120, 540, 3540]);
  });

  it("wakes while the shortest token is still usable, and not all the time", () => {
    const tab = world.tab();
    for (let tries = 0; tries < 50; tries += 1) tab.start({ ...world.grant(1), expiresIn: 30 });
    expect(Math.min(...world.pauses)).toBeGreaterThanOrEqual(20_000);
    expect(Math.max(...world.pauses)).toBeLessThan(25_000);
  });

  it("keeps its token while nobody answers, and says so to who needs another", async () => {
    const tab = world.tab();
    tab.start(world.grant(1));
    world.away = true;
    await expect(tab.refresh("access-1")).rejects.toThrow("nobody answers");
    expect(tab.token).toBe("access-1");
    expect(tab.state.status).toBe("signed-in");
    expect(world.kept?.refreshToken).toBe("refresh-1");
    expect(world.alarms).toHaveLength(1);
  });

  it("is signed out when the session has ended", async () => {
    const tab = world.tab();
    tab.start(world.grant(1));
    world.ended = true;
    expect(await tab.refresh("access-1")).toBeNull();
    expect(tab.state).toEqual({ status: "signed-out", because: "ended" });
    expect(world.kept).toBeNull();
  });
});

describe("several tabs", () => {
  it("never use a token twice, however many refresh at once", async () => {
    world.kept = { refreshToken: "refresh-1", userId: "ada" };
    const tabs = Array.from({ length: 5 }, () => world.tab());
    const tokens = await Promise.all(tabs.map((tab) => tab.accessToken()));
    expect(new Set(tokens)).toEqual(new Set(["access-2"]));
    expect(world.refreshes).toBe(1);
    expect(world.ended).toBe(false);
  });

  it("are signed in and out together, and the API is told once", async () => {
    const [one, other] = [world.tab(), world.tab()];
    one.start(world.grant(1));
    expect(other.state).toMatchObject({ status: "signed-in", userId: "ada" });
    expect(other.token).toBe("access-1");
    await other.end();
    expect(one.state).toEqual({ status: "signed-out", because: "signed-out" });
    expect(one.token).toBeNull();
    expect(world.loggedOut).toEqual(["refresh-1"]);
  });

  it("do not bring back a session that was left while its refresh was under way", async () => {
    world.kept = { refreshToken: "refresh-1", userId: "ada" };
    const tab = world.tab();
    const refreshing = tab.refresh();
    await tab.end();
    expect(await refreshing).toBeNull();
    expect(tab.state.status).toBe("signed-out");
    expect(world.kept).toBeNull();
  });

  it("stay the same session where one refreshes, and become another where somebody else signs in", () => {
    const [one, other] = [world.tab(), world.tab()];
    one.start(world.grant(1));
    const before = other.state;
    one.start({ ...world.grant(9), userId: "ben" });
    expect(other.state).toMatchObject({ userId: "ben" });
    expect(other.state).not.toEqual(before);
  });
});
