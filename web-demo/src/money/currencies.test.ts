// The digits of a currency are the API's: another number of them would move the point in people's money.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CURRENCIES, exponentOf } from "./currencies";
import { editable, formatMoney, parseMoney } from "./money";

/** The API's table: digits and their codes, of the Python module that it is written in. */
function tableOfTheApi(): Map<string, number> {
  const source = readFileSync(new URL("../../../payflow/kernel/currencies.py", import.meta.url), "utf8");
  const table = /_BY_DIGITS = \{([^}]*)\}/.exec(source)?.[1] ?? "";
  const rows = table.matchAll(/(\d): "+([^"]*)"/g);
  return new Map(
    [...rows].flatMap(([, digits, codes = ""]) =>
      codes
        .trim()
        .split(/\s+/)
        .map((code) => [code, Number(digits)] as const),
    ),
  );
}

describe("the currencies", () => {
  it("are those of the API, with its digits", () => {
    const api = tableOfTheApi();
    expect(api.size).toBeGreaterThan(150);
    expect([...CURRENCIES]).toEqual([...api.keys()].sort());
    for (const [code, digits] of api) expect(exponentOf(code), code).toBe(digits);
  });

  it("are written and read with these digits where the locale would leave them out", () => {
    expect(formatMoney({ amount: 123456, currency: "HUF" }, { locale: "en-US" })).toBe("HUF\u00a01,234.56");
    expect(parseMoney("12.5", "HUF", "en-US")).toEqual({ ok: true, amount: 1250 });
    expect(editable({ amount: 1500, currency: "IQD" }, "en-US")).toBe("1.500");
  });
});
