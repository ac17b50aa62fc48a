// A campaign in words, and whether it runs. Pure.
import type { Tone } from "../../components";
import { type Amount, formatMoney } from "../../money";

interface Campaign {
  /** Basis points. */
  readonly rate: number;
  readonly currency: string;
  readonly cap: Amount | null;
  readonly minimum: Amount | null;
  readonly startsAt: string;
  readonly endsAt: string | null;
}

/** 150 basis points are "1.5%". */
export function percentOf(rate: number, locale?: string): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 }).format(rate / 10_000);
}

export function termsOf({ rate, currency, cap, minimum }: Campaign): string {
  const from = minimum === null ? "" : ` from ${formatMoney(minimum)}`;
  const most = cap === null ? "" : `, at most ${formatMoney(cap)} each`;
  return `${percentOf(rate)} back on every ${currency} payment${from}${most}.`;
}

export type Season = "running" | "coming" | "over";

export function seasonOf({ startsAt, endsAt }: Pick<Campaign, "startsAt" | "endsAt">, now: number): Season {
  if (Date.parse(startsAt) > now) return "coming";
  return endsAt !== null && Date.parse(endsAt) <= now ? "over" : "running";
}

const STANDINGS: Readonly<Record<string, { label: string; tone: Tone }>> = {
  PENDING: { label: "On its way", tone: "accent" },
  ISSUED: { label: "In your wallet", tone: "positive" },
  CLAWED_BACK: { label: "Taken back", tone: "neutral" },
};

/** Null where the page is older than the status. */
export function standingOf(status: string): { label: string; tone: Tone } | null {
  return STANDINGS[status] ?? null;
}
