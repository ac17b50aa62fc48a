// What a notification shows of what it leads to.
import { expect, it } from "vitest";
import { beginningOf, otherOf, placeOf, signOf } from "./told";

const ada = { __typename: "User" as const, id: "ada", displayName: "Ada" };
const ben = { __typename: "User" as const, id: "ben", displayName: "Ben" };
const wallet = (owner: typeof ada) => ({ __typename: "Wallet" as const, id: `wallet-${owner.id}`, owner });
const transfer = { __typename: "Transfer" as const, id: "t1", from: wallet(ada), to: wallet(ben) };
const paymentRequest = { __typename: "PaymentRequest" as const, id: "r1", requester: ben, payer: ada };

it("names the other one, whichever side one is on", () => {
  expect(otherOf({ kind: "TRANSFER_SENT", transfer, paymentRequest: null }, "ada")).toBe("Ben");
  expect(otherOf({ kind: "TRANSFER_RECEIVED", transfer, paymentRequest: null }, "ben")).toBe("Ada");
  expect(otherOf({ kind: "PAYMENT_REQUESTED", transfer: null, paymentRequest }, "ada")).toBe("Ben");
  expect(otherOf({ kind: "SESSION_ENDED", transfer: null, paymentRequest: null }, "ada")).toBeNull();
});

it("leads to the transfer, to the request though a transfer paid it, to the rewards, or nowhere", () => {
  expect(placeOf({ kind: "TRANSFER_SENT", transfer, paymentRequest: null })).toBe("/transfers/t1");
  expect(placeOf({ kind: "PAYMENT_REQUEST_CLOSED", transfer, paymentRequest })).toBe("/requests/r1");
  expect(placeOf({ kind: "REWARD_ISSUED", transfer, paymentRequest: null })).toBe("/rewards");
  expect(placeOf({ kind: "SESSION_ENDED", transfer: null, paymentRequest: null })).toBeUndefined();
});

it("has a sign for a kind that it has never heard of", () => {
  expect(signOf("CARD_EXPIRED")).toEqual({ icon: "bell", tone: "neutral" });
});

it("is followed from where the stream stands, and from now on where that cannot be had", () => {
  expect(beginningOf({ data: { me: { __typename: "User", id: "ada", notificationCursor: "c9" } } as never })).toBe("c9");
  expect(beginningOf({ data: null })).toBeNull();
  expect(beginningOf({ data: undefined })).toBeNull();
});
