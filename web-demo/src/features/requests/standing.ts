// How a request stands for the one who reads it: who the other is, what one can do, and in which words. Pure.
import type { Tone } from "../../components";
import type { RequestPartsFragment } from "../../graphql/generated/graphql";

type Request = Pick<RequestPartsFragment, "requester" | "payer" | "status" | "transfer" | "expiresAt">;

export interface Standing {
  other: Request["payer"];
  /** Whether the reader is the one to pay. */
  toPay: boolean;
  label: string;
  tone: Tone;
  /** While a payment is under way there is nothing to decide. */
  open: boolean;
}

const ENDED: Readonly<Record<string, { label: string; tone: Tone }>> = {
  PAID: { label: "Paid", tone: "positive" },
  DECLINED: { label: "Declined", tone: "negative" },
  CANCELLED: { label: "Cancelled", tone: "neutral" },
  EXPIRED: { label: "Expired", tone: "neutral" },
};

export function standingOf(request: Request, ownId: string): Standing {
  const toPay = request.payer.id === ownId;
  const other = toPay ? request.requester : request.payer;
  const underWay = request.status === "OPEN" && request.transfer?.status === "PENDING";
  if (underWay) return { other, toPay, label: "Being paid", tone: "accent", open: false };
  const ended = ENDED[request.status];
  if (ended !== undefined) return { other, toPay, ...ended, open: false };
  return { other, toPay, label: toPay ? "To pay" : "Waiting", tone: toPay ? "accent" : "warning", open: true };
}
