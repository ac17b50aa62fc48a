import { expect, it } from "vitest";
import { plainWords, sentence, wrongInput } from "./words";

it("makes sentences of what the API says, and never a second full stop", () => {
  expect(sentence("password must have 12 characters")).toBe("Password must have 12 characters.");
  expect(sentence("No.")).toBe("No.");
});

it("speaks of no minor units", () => {
  const message = "amount must be between 1 and 1000000000000000 minor units, got 9007199254740991";
  expect(wrongInput(message)).toBe("This is more than can be moved at once.");
  expect(wrongInput("note has at most 200 characters")).toBe("Note has at most 200 characters.");
});

it("says values that are newer than the page by their own names", () => {
  expect(plainWords("CLAWED_BACK")).toBe("Clawed back");
});
