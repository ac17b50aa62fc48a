// How requests stand and what refusals say.
import { describe, expect, it } from "vitest";
import { problemsOfAsking, problemsOfPaying } from "./refusal";
import { standingOf } from "./standing";

const person = (id: string) => ({ __typename: "User" as const, id, handle: id, displayName: id });
const request = {
  requester: person("ben"),
  payer: person("ada"),
  status: "OPEN" as const,
  transfer: null,
  expiresAt: "2026-12-24T00:00:00Z",
};

describe("a request", () => {
  it("is to be paid by the one who was asked and waited for by the one who asked", () => {
    expect(standingOf(request, "ada")).toMatchObject({ toPay: true, label: "To pay", open: true, other: { id: "ben" } });
    expect(standingOf(request, "ben")).toMatchObject({ toPay: false, label: "Waiting", open: true, other: { id: "ada" } });
  });

  it("leaves nothing to do while its payment is under way, and again something once that has failed", () => {
    const paying = (status: "PENDING" | "FAILED") => ({ ...request, transfer: { __typename: "Transfer" as const, id: "t", status } });
    expect(standingOf(paying("PENDING"), "ada")).toMatchObject({ label: "Being paid", open: false });
    expect(standingOf(paying("FAILED"), "ada")).toMatchObject({ label: "To pay", open: true });
  });

  it("says how it has ended", () => {
    for (const [status, label] of [
      ["PAID", "Paid"],
      ["DECLINED", "Declined"],
      ["CANCELLED", "Cancelled"],
      ["EXPIRED", "Expired"],
    ] as const) {
      expect(standingOf({ ...request, status }, "ada")).toMatchObject({ label, open: false });
    }
  });
});

describe("a refusal", () => {
  it("is said beside the field it concerns", () => {
    expect(problemsOfAsking({ __typename: "RecipientNotFound", message: "x" })).toHaveProperty("to");
    expect(problemsOfAsking({ __typename: "WalletNotFound", message: "x" })).toHaveProperty("currency");
    expect(problemsOfAsking({ __typename: "InvalidInput", field: "note", message: "note is too long" })).toEqual({
      note: "Note is too long.",
    });
    expect(problemsOfAsking({ __typename: "InvalidInput", field: "unheardOf", message: "no" })).toEqual({ form: "No." });
  });

  it("names the figures that help", () => {
    const available = { amount: 500, currency: "USD" };
    expect(problemsOfPaying({ __typename: "InsufficientFunds", message: "x", available }).wallet).toContain("5.00");
    expect(problemsOfAsking({ __typename: "TooManyOpenRequests", message: "x", limit: 10 }).to).toContain("10");
  });

  it("that is newer than this page is said in the API's own words", () => {
    expect(problemsOfPaying({ __typename: "Unheard", message: "the moon is in the way" })).toEqual({ form: "The moon is in the way." });
  });
});
