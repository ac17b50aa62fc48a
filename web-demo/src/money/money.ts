// Money as people write and read it: exact integers of minor units inside, the locale's way of writing outside. Nothing here is a float.
import { exponentOf } from "./currencies";

export interface Amount {
  /** Minor units (cents, yen), signed. */
  amount: number;
  currency: string;
}

export type Parsed =
  { ok: true; amount: number } | { ok: false; reason: "empty" | "not-a-number" | "too-many-decimals" | "not-positive" | "too-large" };

/** "1250 USD-cents" -> "$12.50" in the locale; with `signed`, "+$12.50". */
export function formatMoney(
  { amount, currency }: Amount,
  { locale, signed = false }: { locale?: string | undefined; signed?: boolean } = {},
): string {
  const digits = exponentOf(currency);
  const format = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: signed ? "exceptZero" : "auto",
  });
  return format.format(decimalOf(amount, digits) as Intl.StringNumericLiteral);
}

/** The name of a currency in the locale, e.g. "US dollar". */
export function currencyName(currency: string, locale?: string): string {
  return new Intl.DisplayNames(locale, { type: "currency" }).of(currency) ?? currency;
}

/** What stands in a field for this amount, without symbol and grouping: "12.50". */
export function editable({ amount, currency }: Amount, locale?: string): string {
  const { decimal } = notationOf(currency, locale);
  return decimalOf(amount, exponentOf(currency)).replace(".", decimal);
}

/**
 * Reads what somebody typed. Groups ("1,234.5", "1 234,5") are accepted where the locale writes them so; both "." and "," count as the decimal
 * separator when it cannot be a group, so that "12.5" works on a German keyboard and "12,5" on an American one.
 */
export function parseMoney(text: string, currency: string, locale?: string): Parsed {
  const plain = plainDecimal(text.trim(), currency, locale);
  if (plain === "") return { ok: false, reason: "empty" };
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(plain);
  const [, sign = "", whole = "", fraction = ""] = match ?? [];
  if (match === null || whole + fraction === "") return { ok: false, reason: "not-a-number" };
  const exponent = exponentOf(currency);
  if (fraction.replace(/0+$/, "").length > exponent) return { ok: false, reason: "too-many-decimals" };
  const amount = Number(whole + fraction.slice(0, exponent).padEnd(exponent, "0"));
  if (sign !== "" || amount === 0) return { ok: false, reason: "not-positive" };
  return Number.isSafeInteger(amount) ? { ok: true, amount } : { ok: false, reason: "too-large" };
}

/** What to say to somebody whose amount could not be read. */
export function sayWhy(parsed: Extract<Parsed, { ok: false }>, currency: string): string {
  switch (parsed.reason) {
    case "empty":
      return "Enter an amount.";
    case "not-a-number":
      return `Enter an amount in digits, like ${editable({ amount: 10 ** exponentOf(currency) * 12, currency })}.`;
    case "too-many-decimals":
      return exponentOf(currency) === 0 ? `${currency} has no decimals.` : `${currency} has at most ${exponentOf(currency)} decimals.`;
    case "not-positive":
      return "Enter an amount greater than zero.";
    case "too-large":
      return "That is more than anybody can send.";
  }
}

/** Exact, by moving the point in the digits: 5 of exponent 2 is "0.05". */
function decimalOf(amount: number, exponent: number): string {
  const digits = Math.abs(amount)
    .toString()
    .padStart(exponent + 1, "0");
  const whole = digits.slice(0, digits.length - exponent);
  const sign = amount < 0 ? "-" : "";
  return exponent === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-exponent)}`;
}

interface Notation {
  readonly decimal: string;
  readonly group: string;
  /** From nought to nine. */
  readonly digits: readonly string[];
}

/** How amounts of the currency are written: Austria groups them by points, and other numbers by blanks. */
function notationOf(currency: string, locale?: string): Notation {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency, minimumFractionDigits: 1 });
  const parts = format.formatToParts(-1234567.8);
  const find = (type: Intl.NumberFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? "";
  const digit = new Intl.NumberFormat(locale);
  return { decimal: find("decimal"), group: find("group"), digits: Array.from({ length: 10 }, (_, value) => digit.format(value)) };
}

/** Blanks and apostrophes group and mean nothing else anywhere; marks of direction stand in what is copied from right-to-left text. */
const PASSED_OVER = /[\s'’\u200e\u200f\u061c]/g;

/** With "." for the decimal separator and no groups; what is no number stays one that the caller's pattern refuses. */
function plainDecimal(text: string, currency: string, locale?: string): string {
  const { decimal, group, digits } = notationOf(currency, locale);
  const tight = digits.reduce((sofar, digit, value) => sofar.replaceAll(digit, String(value)), text.replace(PASSED_OVER, ""));
  const ungrouped = isGrouped(tight, group) ? tight.replaceAll(group, "") : tight;
  return ungrouped.replace(decimal, ".").replace(",", ".");
}

/** By thousands, or as in India by hundreds above them. No group begins with a nought: "0,500" is a half. */
function isGrouped(text: string, group: string): boolean {
  if (group.replace(PASSED_OVER, "") === "") return false;
  const by = `\\${group}`;
  return new RegExp(`^-?(?:[1-9]\\d{0,2}(?:${by}\\d{3})+|[1-9]\\d?(?:${by}\\d{2})+${by}\\d{3})(?!\\d|${by})`).test(text);
}
