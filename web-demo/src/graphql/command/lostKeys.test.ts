import { describe, expect, it } from "vitest";
import { LOST_MS, LostKeys, type Store } from "./lostKeys";
import { storeOf } from "./tab";

function memory(text: string | null = null): Store {
  return { read: () => text, write: (next) => void (text = next) };
}

const form = { of: "Pay", content: { amount: "12.34" } };

describe("a lost key", () => {
  it("is the same for the same command until that is answered, and another for another", () => {
    const lost = new LostKeys("ada", memory());
    expect(lost.keyFor("top up 5", "k1")).toBe("k1");
    lost.sent("top up 5", "k1");
    expect(lost.keyFor("top up 5", "k2")).toBe("k1");
    expect(lost.keyFor("top up 6", "k3")).toBe("k3");
    lost.answered("top up 5");
    expect(lost.keyFor("top up 5", "k4")).toBe("k4");
  });

  it("is another one for who does the same much later", () => {
    let now = 0;
    const lost = new LostKeys("ada", memory(), () => now);
    lost.sent("top up 5", "k1");
    now = LOST_MS;
    expect(lost.keyFor("top up 5", "k2")).toBe("k2");
  });

  it("is one of few: the oldest of too many is forgotten", () => {
    const lost = new LostKeys("ada", memory());
    for (let number = 0; number <= 20; number += 1) lost.sent(`top up ${String(number)}`, `k${String(number)}`);
    expect(lost.keyFor("top up 0", "fresh")).toBe("fresh");
    expect(lost.keyFor("top up 1", "fresh")).toBe("k1");
  });

  it("outlives the page", () => {
    const store = memory();
    new LostKeys("ada", store).sent("top up 5", "k1");
    expect(new LostKeys("ada", store).keyFor("top up 5", "k2")).toBe("k1");
  });

  it("is nobody else's, and an answer to who was there before takes none away", () => {
    const store = memory();
    const adas = new LostKeys("ada", store);
    adas.sent("top up 5", "k1");
    const bobs = new LostKeys("bob", store);
    expect(bobs.keyFor("top up 5", "k2")).toBe("k2");
    bobs.sent("top up 5", "k2");
    expect(store.read()).not.toContain("k1");
    adas.answered("top up 5");
    adas.dropForms("Pay");
    expect(adas.keyFor("top up 5", "k3")).toBe("k3");
    expect(bobs.keyFor("top up 5", "k3")).toBe("k2");
  });

  it("is none where something else stands in its place", () => {
    for (const text of ["{", "null", "[]", '{"userId":"ada"}', '{"userId":"ada","sent":[null,{"asked":"top up 5"}]}']) {
      expect(new LostKeys("ada", memory(text)).keyFor("top up 5", "fresh")).toBe("fresh");
    }
  });
});

describe("a form whose answer is not there", () => {
  it("is shown again with its key until it is answered, however late", () => {
    let now = 0;
    const store = memory();
    new LostKeys("ada", store, () => now).sent("pay 5", "k1", form);
    now = 2 * LOST_MS;
    const lost = new LostKeys("ada", store, () => now);
    lost.sent("top up 5", "k2");
    expect(lost.lastForm("Pay")).toEqual({ key: "k1", content: form.content });
    expect(lost.lastForm("TopUp")).toBeNull();
    lost.answered("pay 5");
    expect(lost.lastForm("Pay")).toBeNull();
  });

  it("is not shown again once it is dropped, and keeps its key for who asks for the same", () => {
    const lost = new LostKeys("ada", memory());
    lost.sent("pay 5", "k1", form);
    lost.dropForms("Pay");
    expect(lost.lastForm("Pay")).toBeNull();
    expect(lost.keyFor("pay 5", "k2")).toBe("k1");
  });
});

describe("the tab", () => {
  it("forgets all when its person signs out", () => {
    const kept = new Map<string, string>();
    const store = storeOf(() => ({
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, text) => void kept.set(name, text),
      removeItem: (name) => void kept.delete(name),
    }));
    new LostKeys("ada", store).sent("top up 5", "k1");
    expect(kept.size).toBe(1);
    store.clear();
    expect(kept.size).toBe(0);
    expect(new LostKeys("ada", store).keyFor("top up 5", "k2")).toBe("k2");
  });

  it("keeps keys for as long as the page stands where the browser keeps nothing", () => {
    const store = storeOf(() => {
      throw new Error("SecurityError");
    });
    new LostKeys("ada", store).sent("top up 5", "k1");
    expect(new LostKeys("ada", store).keyFor("top up 5", "k2")).toBe("k1");
    store.clear();
    expect(store.read()).toBeNull();
  });
});
