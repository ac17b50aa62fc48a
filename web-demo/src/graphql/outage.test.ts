import { CombinedError } from "@urql/core";
import { expect, it } from "vitest";
import { isOutage } from "./outage";

const answered = (...codes: (string | undefined)[]) =>
  new CombinedError({ graphQLErrors: codes.map((code) => ({ message: "…", extensions: { code } })) });

it("is one where nobody answered, or every error says that somebody did not", () => {
  expect(isOutage(new CombinedError({ networkError: new Error("Failed to fetch") }))).toBe(true);
  expect(isOutage(answered("DOWNSTREAM_SERVICE_ERROR", "GATEWAY_TIMEOUT"))).toBe(true);
});

it("is one where the next token could not be had: who is signed in still may see what is there", () => {
  expect(isOutage(answered("UNAUTHENTICATED"))).toBe(true);
  const unseen = { message: "…", extensions: { code: "UNAUTHORIZED_FIELD_OR_TYPE", reason: "unauthenticated" } };
  expect(isOutage(new CombinedError({ graphQLErrors: [unseen] }))).toBe(true);
  expect(isOutage(answered("UNAUTHORIZED_FIELD_OR_TYPE"))).toBe(false);
});

it("is none where anything was refused, or nobody says why", () => {
  expect(isOutage(answered("DOWNSTREAM_SERVICE_ERROR", "FORBIDDEN"))).toBe(false);
  expect(isOutage(answered(undefined))).toBe(false);
  expect(isOutage(answered())).toBe(false);
});
