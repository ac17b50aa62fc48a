// What a statement shows: kinds of entries and days, as they stand in the page's address and as the API takes them. Pure.
import type { EntryKind } from "../../graphql/generated/graphql";

export interface Filter {
  readonly show: Show;
  /** Days as `<input type="date">` has them, 2026-11-22, of the reader's own calendar; "" for no bound. Both are shown. */
  readonly from: string;
  readonly to: string;
}

export type Show = keyof typeof KINDS;

export const EVERYTHING: Filter = { show: "all", from: "", to: "" };

const KINDS = {
  all: null,
  received: ["TRANSFER_IN", "REFUND_IN"],
  sent: ["TRANSFER_OUT", "REFUND_OUT"],
  "top-ups": ["DEPOSIT"],
  withdrawals: ["WITHDRAWAL"],
  refunds: ["REFUND_IN", "REFUND_OUT"],
  rewards: ["REWARD", "REWARD_CLAWBACK"],
  corrections: ["REVERSAL"],
} as const satisfies Record<string, readonly EntryKind[] | null>;

export const SHOWS: readonly { readonly value: Show; readonly label: string }[] = [
  { value: "all", label: "Everything" },
  { value: "received", label: "Received" },
  { value: "sent", label: "Sent" },
  { value: "top-ups", label: "Top-ups" },
  { value: "withdrawals", label: "Withdrawals" },
  { value: "refunds", label: "Refunds" },
  { value: "rewards", label: "Rewards" },
  { value: "corrections", label: "Corrections" },
];

/** Whatever an address says that is no filter is passed over. */
export function filterOf(address: URLSearchParams): Filter {
  const show = address.get("show") ?? "";
  return { show: isShow(show) ? show : "all", from: dayOf(address.get("from")), to: dayOf(address.get("to")) };
}

export function addressOf(filter: Filter): URLSearchParams {
  const parts = { show: filter.show === "all" ? "" : filter.show, from: filter.from, to: filter.to };
  return new URLSearchParams(Object.entries(parts).filter(([, value]) => value !== ""));
}

export interface EntryArguments {
  readonly kinds: EntryKind[] | null;
  readonly since: string | null;
  readonly until: string | null;
}

/** The API's `until` is the first instant that is not meant any more: the start of the day after. */
export function argumentsOf(filter: Filter): EntryArguments {
  const kinds = KINDS[filter.show];
  return {
    kinds: kinds === null ? null : [...kinds],
    since: filter.from === "" ? null : startOf(filter.from, 0),
    until: filter.to === "" ? null : startOf(filter.to, 1),
  };
}

export function isEverything(filter: Filter): boolean {
  return addressOf(filter).size === 0;
}

/** Why nothing can be found, or null. */
export function problemOf(filter: Filter): string | null {
  const backwards = filter.from !== "" && filter.to !== "" && filter.from > filter.to;
  return backwards ? "The last day is before the first one." : null;
}

function isShow(text: string): text is Show {
  return Object.hasOwn(KINDS, text);
}

function dayOf(text: string | null): string {
  return text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : "";
}

/** The instant at which a day begins where the reader is; `Date` carries days and summer time over. */
function startOf(day: string, daysLater: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + daysLater).toISOString();
}
