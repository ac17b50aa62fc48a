import { expect, test } from "vitest";

import { headersFor, isReady, themeInForce } from "./lending";

const frame = {} as Window;
const event = { origin: "https://pay.test", source: frame, data: { explorer: "ready" } };

test("only the explorer in the frame, of this origin, is lent anything", () => {
  expect(isReady(event, frame, "https://pay.test")).toBe(true);
  expect(isReady({ ...event, origin: "https://evil.test" }, frame, "https://pay.test")).toBe(false);
  expect(isReady({ ...event, source: {} as Window }, frame, "https://pay.test")).toBe(false);
  expect(isReady({ ...event, source: null }, null, "https://pay.test")).toBe(false);
  expect(isReady({ ...event, data: "ready" }, frame, "https://pay.test")).toBe(false);
  expect(isReady({ ...event, data: null }, frame, "https://pay.test")).toBe(false);
});

test("whoever is signed out lends no token", () => {
  expect(headersFor(null)).toEqual({});
  expect(headersFor("t")).toEqual({ authorization: "Bearer t" });
});

test("the theme is the chosen one, else the device's", () => {
  expect([themeInForce("light", true), themeInForce(undefined, true), themeInForce(undefined, false)]).toEqual(["light", "dark", "light"]);
});
