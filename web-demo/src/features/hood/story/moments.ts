// The way of a transfer through the platform, as moments on one scale: the steps of its saga, its events on their way through the log and
// Kafka, and what their consumers made of them. Pure.

export interface TransferFacts {
  createdAt: string;
  completedAt: string | null;
  status: string;
  failureCode: string | null;
  steps: readonly { name: string; status: string; attempts: number; startedAt: string; finishedAt: string | null; error: string | null }[];
  events: readonly EventFacts[];
  reward: { createdAt: string; amount: { formatted: string } } | null;
}

export interface EventFacts {
  id: string;
  type: string;
  topic: string;
  recordedAt: string;
  sequencedAt: string | null;
  position: string | null;
  published: boolean;
  publishedAt: string | null;
  partition: number | null;
  offset: string | null;
}

export interface NotificationFacts {
  id: string;
  title: string;
  createdAt: string;
}

/** Where something happens: a service, or the broker between them. */
export type Lane = "transactions" | "event log" | "kafka" | "rewards" | "notifications";

export interface Moment {
  key: string;
  lane: Lane;
  title: string;
  detail: string | null;
  isFailure: boolean;
  /** Milliseconds after the transfer was accepted. */
  startMs: number;
  /** Null while it is under way; equal to `startMs` of what takes no time. */
  endMs: number | null;
}

export interface Story {
  /** In the order in which they began. */
  moments: readonly Moment[];
  /** What happened long after, such as a refund: it would make everything else a dot. */
  later: readonly Moment[];
  scaleMs: number;
}

/** After so long nothing belongs to the way of the payment itself any more: consumers that were away have caught up by then. */
export const LATER_MS = 60_000;

export function storyOf(transfer: TransferFacts, notifications: readonly NotificationFacts[]): Story {
  const zero = instant(transfer.createdAt);
  const all = [...sagaOf(transfer), ...transfer.events.flatMap(wayOf), ...consequencesOf(transfer, notifications)]
    .map(({ start, end, ...moment }): Moment => ({
      ...moment,
      startMs: Math.max(0, instant(start) - zero),
      endMs: end === null ? null : Math.max(0, instant(end) - zero),
    }))
    .sort((one, other) => one.startMs - other.startMs);
  const moments = all.filter(({ startMs }) => startMs < LATER_MS);
  return {
    moments,
    later: all.filter(({ startMs }) => startMs >= LATER_MS),
    scaleMs: Math.max(1, ...moments.map(({ startMs, endMs }) => Math.min(endMs ?? startMs, LATER_MS))),
  };
}

/** Milliseconds since the epoch, with the microseconds that services write. NaN for what is no time. */
export function instant(text: string): number {
  const micros = /\.\d{3}(\d{1,3})/.exec(text)?.[1] ?? "";
  return Date.parse(text) + Number(micros.padEnd(3, "0")) / 1000;
}

type Told = Omit<Moment, "startMs" | "endMs"> & { start: string; end: string | null };

function sagaOf({ createdAt, completedAt, status, steps, failureCode }: TransferFacts): Told[] {
  const accepted = {
    key: "accepted",
    lane: "transactions",
    title: "Accepted",
    detail: null,
    isFailure: false,
    start: createdAt,
    end: createdAt,
  } as const;
  const taken = steps.map(({ name, status, attempts, startedAt, finishedAt, error }): Told => {
    const detail = [status, attempts > 1 ? `${attempts} tries` : null, error].filter((each) => each !== null).join(", ");
    return {
      key: `step ${name}`,
      lane: "transactions",
      title: name,
      detail,
      isFailure: status === "FAILED",
      start: startedAt,
      end: finishedAt,
    };
  });
  const hasFailed = status === "FAILED"; // why, the payee is not always told
  const ended = completedAt ?? (hasFailed ? lastOf(steps.map(({ finishedAt }) => finishedAt)) : null);
  if (ended === null) return [accepted, ...taken];
  const title = hasFailed ? "Failed" : "Completed";
  return [
    accepted,
    ...taken,
    { key: "ended", lane: "transactions", title, detail: failureCode, isFailure: hasFailed, start: ended, end: ended },
  ];
}

/** An event is recorded in the commit that makes it true, gets its place in the log, and is acknowledged by the broker. */
function wayOf(event: EventFacts): Told[] {
  const { id, type, topic, recordedAt, sequencedAt, position, publishedAt, published, partition, offset } = event;
  const logged: Told = {
    key: `${id} logged`,
    lane: "event log",
    title: type,
    detail: position === null ? "recorded, not sequenced yet" : `recorded, sequenced at position ${position}`,
    isFailure: false,
    start: recordedAt,
    end: sequencedAt,
  };
  if (sequencedAt === null) return [logged];
  const place = partition === null || offset === null ? null : `partition ${partition}, offset ${offset}`;
  const detail = [topic, published ? (place ?? "published") : "not published yet"].join(", ");
  return [
    logged,
    {
      key: `${id} published`,
      lane: "kafka",
      title: type,
      detail,
      isFailure: false,
      start: sequencedAt,
      end: published ? (publishedAt ?? sequencedAt) : null,
    },
  ];
}

function consequencesOf({ reward }: TransferFacts, notifications: readonly NotificationFacts[]): Told[] {
  const instantly = { isFailure: false } as const;
  const told = notifications.map(({ id, title, createdAt }): Told => ({
    ...instantly,
    key: `notification ${id}`,
    lane: "notifications",
    title: "Notification written",
    detail: title,
    start: createdAt,
    end: createdAt,
  }));
  if (reward === null) return told;
  const { amount, createdAt } = reward;
  return [
    { ...instantly, key: "reward", lane: "rewards", title: "Reward issued", detail: amount.formatted, start: createdAt, end: createdAt },
    ...told,
  ];
}

function lastOf(times: readonly (string | null)[]): string | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : known.reduce((one, other) => (instant(one) > instant(other) ? one : other));
}
