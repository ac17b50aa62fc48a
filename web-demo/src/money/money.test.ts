// Reading and writing money is exact, in every exponent and locale.
import { describe, expect, it } from "vitest";
import { exponentOf } from "./currencies";
import { editable, formatMoney, parseMoney, sayWhy } from "./money";

describe("formatMoney", () => {
  it.each([
    [1234567, "USD", "en-US", "$12,345.67"],
    [5, "USD", "en-US", "$0.05"],
    [-250, "USD", "en-US", "-$2.50"],
    [500, "JPY", "en-US", "¥500"],
    [1500, "KWD", "en-US", "KWD\u00a01.500"],
    [123456, "EUR", "de-DE", "1.234,56\u00a0€"],
    [9007199254740991, "USD", "en-US", "$90,071,992,547,409.91"],
  ])("writes %i of %s in %s as %s", (amount, currency, locale, written) => {
    expect(formatMoney({ amount, currency }, { locale })).toBe(written);
  });

  it("writes the sign of what came in where it is asked to, and none before nothing", () => {
    expect(formatMoney({ amount: 100, currency: "USD" }, { locale: "en-US", signed: true })).toBe("+$1.00");
    expect(formatMoney({ amount: 0, currency: "USD" }, { locale: "en-US", signed: true })).toBe("$0.00");
  });
});

describe("parseMoney", () => {
  it.each([
    ["12", "USD", "en-US", 1200],
    ["12.5", "USD", "en-US", 1250],
    ["12,5", "USD", "en-US", 1250],
    ["1,234.56", "USD", "en-US", 123456],
    ["1,234", "USD", "en-US", 123400],
    ["1,234,567", "USD", "en-US", 123456700],
    ["1.234,56", "EUR", "de-DE", 123456],
    ["1.234", "EUR", "de-DE", 123400],
    ["12.5", "EUR", "de-DE", 1250],
    ["1 234,56", "EUR", "fr-FR", 123456],
    ["1'234.50", "CHF", "de-CH", 123450],
    [".5", "USD", "en-US", 50],
    ["0.10", "USD", "en-US", 10],
    ["12.500", "USD", "en-US", 1250],
    ["0,500", "KWD", "en-US", 500],
    ["0.500", "EUR", "de-DE", 50],
    ["1,23,456.78", "INR", "en-IN", 12345678],
    ["12,34,567", "INR", "hi-IN", 123456700],
    ["1.234,56", "EUR", "de-AT", 123456],
    ["1 234,56", "EUR", "de-AT", 123456],
    ["\u0661\u0662\u066c\u0663\u0664\u0665\u066b\u0665", "EGP", "ar-EG", 1234550],
    ["12.5", "EGP", "ar-EG", 1250],
    ["500", "JPY", "ja-JP", 500],
    ["1.234", "KWD", "en-US", 1234],
    ["90071992547409.91", "USD", "en-US", 9007199254740991],
  ])("reads %s of %s in %s as %i", (text, currency, locale, amount) => {
    expect(parseMoney(text, currency, locale)).toEqual({ ok: true, amount });
  });

  it.each([
    ["", "USD", "empty"],
    ["   ", "USD", "empty"],
    ["twelve", "USD", "not-a-number"],
    ["1.2.3", "USD", "not-a-number"],
    [".", "USD", "not-a-number"],
    ["1e3", "USD", "not-a-number"],
    ["12.345", "USD", "too-many-decimals"],
    ["1,23", "JPY", "too-many-decimals"],
    ["1.5", "JPY", "too-many-decimals"],
    ["1.234,50", "USD", "not-a-number"],
    ["0", "USD", "not-positive"],
    ["-5", "USD", "not-positive"],
    ["90071992547409.92", "USD", "too-large"],
  ])("refuses %s of %s: %s", (text, currency, reason) => {
    expect(parseMoney(text, currency, "en-US")).toEqual({ ok: false, reason });
  });

  it("reads back what it made editable", () => {
    for (const [amount, currency] of [
      [1234567, "USD"],
      [42, "JPY"],
      [7, "KWD"],
      [123456, "CLF"],
    ] as const) {
      for (const locale of ["en-US", "de-DE", "fr-FR", "de-CH", "en-IN", "ar-EG", "fa-IR"]) {
        expect(parseMoney(editable({ amount, currency }, locale), currency, locale)).toEqual({ ok: true, amount });
      }
    }
  });
});

it("knows how many decimals a currency has, and names them when there are too many", () => {
  expect(["USD", "JPY", "KWD", "??"].map(exponentOf)).toEqual([2, 0, 3, 2]);
  expect(sayWhy({ ok: false, reason: "too-many-decimals" }, "JPY")).toBe("JPY has no decimals.");
});
