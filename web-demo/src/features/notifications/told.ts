// What a notification is about: whose face it has, which sign, and where it leads. Pure.
import type { IconName, Tone } from "../../components";
import type { NotificationCursorQuery, NotificationPartsFragment } from "../../graphql/generated/graphql";

interface Sign {
  icon: IconName;
  tone: Tone;
}

const SIGNS: Partial<Record<string, Sign>> = {
  TRANSFER_SENT: { icon: "out", tone: "neutral" },
  TRANSFER_RECEIVED: { icon: "in", tone: "positive" },
  TRANSFER_FAILED: { icon: "warning", tone: "negative" },
  TRANSFER_REFUNDED: { icon: "refund", tone: "accent" },
  REWARD_ISSUED: { icon: "reward", tone: "positive" },
  REWARD_CLAWED_BACK: { icon: "reward", tone: "neutral" },
  PAYMENT_REQUESTED: { icon: "request", tone: "accent" },
  PAYMENT_REQUEST_CLOSED: { icon: "request", tone: "neutral" },
  SESSION_ENDED: { icon: "warning", tone: "warning" },
};

export function signOf(kind: string): Sign {
  return SIGNS[kind] ?? { icon: "bell", tone: "neutral" };
}

type Told = Pick<NotificationPartsFragment, "kind" | "transfer" | "paymentRequest">;

/** The other one, by name: the sentences of notifications name nobody. */
export function otherOf({ transfer, paymentRequest }: Told, ownId: string): string | null {
  const people = transfer
    ? [transfer.from.owner, transfer.to.owner]
    : paymentRequest
      ? [paymentRequest.requester, paymentRequest.payer]
      : [];
  return people.find((person) => person.id !== ownId)?.displayName ?? null;
}

/** The cursor to follow the stream from; null, for from now on, where it cannot be had. */
export function beginningOf({ data }: { data?: NotificationCursorQuery | null | undefined }): string | null {
  return data?.me.notificationCursor ?? null;
}

export function placeOf({ kind, transfer, paymentRequest }: Told): string | undefined {
  if (kind.startsWith("PAYMENT_REQUEST") && paymentRequest) return `/requests/${paymentRequest.id}`;
  if (kind.startsWith("REWARD")) return "/rewards";
  return transfer ? `/transfers/${transfer.id}` : undefined;
}
