import { describe, expect, it } from "vitest";
import { handleOf, type LookUp, type Person, recipientOf } from "./recipient";

const bob: Person = { id: "u2", handle: "bob", displayName: "Bob", canReceive: true };
const answer = (handle: string, value: LookUp["answer"]): LookUp => ({ handle, answer: value });
const status = (text: string, lookUp: LookUp): string => recipientOf(text, "alice", lookUp).status;

describe("a handle", () => {
  it("is read as people write it", () => {
    expect(handleOf("  @Bob_1 ")).toBe("bob_1");
  });
});

describe("the recipient", () => {
  it("is found, with their name, under the handle that stands there", () => {
    expect(recipientOf("@Bob", "alice", answer("bob", bob))).toEqual({ status: "found", person: bob });
  });

  it("is not the one of an earlier handle", () => {
    expect(status("bobby", answer("bob", bob))).toBe("looking");
  });

  it("may have no wallet of the currency", () => {
    expect(status("bob", answer("bob", { ...bob, canReceive: false }))).toBe("noWallet");
  });

  it.each([
    ["", "empty"],
    ["bo", "incomplete"],
    ["bob!", "malformed"],
    ["x".repeat(31), "malformed"],
    ["@Alice", "oneself"],
    ["bob", "looking"],
  ])("%j is %s without a look-up", (text, expected) => {
    expect(status(text, answer("", "pending"))).toBe(expected);
  });

  it("may not exist, and may not be known while the service is away", () => {
    expect(status("bob", answer("bob", null))).toBe("missing");
    expect(status("bob", answer("bob", "failed"))).toBe("unreachable");
  });
});
