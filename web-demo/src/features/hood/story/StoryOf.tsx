// The story of one transfer, asked again while something of it is still under way.
import { useEffect, useMemo, useState } from "react";
import { useQuery } from "urql";

import { EmptyState, ErrorState, Skeleton } from "../../../components";
import { graphql } from "../../../graphql";
import { UNRECORDED } from "../../../graphql/recorder";
import { inMs } from "../figures";
import { toneOf } from "../tones";
import { type Moment, storyOf } from "./moments";
import styles from "./Story.module.css";

const TransferWay = graphql(`
  query HoodTransfer($id: ID!) {
    transfer(id: $id) {
      id
      status
      failureCode
      createdAt
      completedAt
      steps {
        name
        status
        attempts
        startedAt
        finishedAt
        error
      }
      events {
        id
        type
        topic
        recordedAt
        sequencedAt
        position
        published
        publishedAt
        partition
        offset
      }
      reward {
        id
        createdAt
        amount {
          formatted
        }
      }
    }
    me {
      id
      notifications(first: 20) {
        edges {
          node {
            id
            title
            createdAt
            transfer {
              id
            }
          }
        }
      }
    }
  }
`);

const LOOK_AGAIN_MS = 1_000;
const LOOKS_MAX = 30; // consumers take a second or two; what takes longer is found by looking again oneself

export function StoryOf({ id }: { id: string }) {
  const [{ data, error, fetching }, ask] = useQuery({
    query: TransferWay,
    variables: { id },
    context: UNRECORDED,
    requestPolicy: "network-only",
  });
  const transfer = data?.transfer;
  const story = useMemo(() => {
    if (!transfer) return null;
    const ours = data.me.notifications.edges.map(({ node }) => node).filter((node) => node.transfer?.id === id);
    return storyOf(transfer, ours);
  }, [data, transfer, id]);
  useLookingAgain(story !== null && isOpen(story.moments), () => ask({ requestPolicy: "network-only" }));
  if (error && data == null) return <ErrorState error={error} onRetry={() => ask({ requestPolicy: "network-only" })} />;
  if (data == null) return <Skeleton />;
  if (story === null)
    return (
      <EmptyState icon="search" title="No such transfer">
        It shows its way to its two parties only.
      </EmptyState>
    );
  return (
    <div className={styles.story}>
      <ol className={styles.moments} aria-label="The way of this transfer">
        {story.moments.map((moment) => (
          <Row key={moment.key} moment={moment} scaleMs={story.scaleMs} />
        ))}
      </ol>
      {story.later.length > 0 && (
        <section className={styles.later}>
          <h3>Later</h3>
          <ol className={styles.moments}>
            {story.later.map((moment) => (
              <Row key={moment.key} moment={moment} scaleMs={null} />
            ))}
          </ol>
        </section>
      )}
      <p className={styles.note}>
        Times count from when the transfer was accepted, by the clocks of the services. Events are shown as long as the log keeps them.{" "}
        <button type="button" className={styles.again} disabled={fetching} onClick={() => ask({ requestPolicy: "network-only" })}>
          Look again
        </button>
      </p>
    </div>
  );
}

function Row({ moment, scaleMs }: { moment: Moment; scaleMs: number | null }) {
  const { lane, title, detail, startMs, endMs, isFailure } = moment;
  const length = endMs === null ? null : endMs - startMs;
  return (
    <li className={styles.row} style={toneOf(lane)} data-failed={isFailure || undefined}>
      <span className={styles.lane}>{lane}</span>
      <span className={styles.words}>
        <span className={styles.title}>{title}</span>
        {detail !== null && <span className={styles.detail}>{detail}</span>}
      </span>
      {scaleMs !== null && (
        <span className={styles.track} aria-hidden="true">
          <span
            className={length === 0 ? styles.point : styles.bar}
            data-open={endMs === null || undefined}
            style={{
              left: `${(startMs / scaleMs) * 100}%`,
              width: length === 0 ? undefined : `${(((endMs ?? scaleMs) - startMs) / scaleMs) * 100}%`,
            }}
          />
        </span>
      )}
      <span className={styles.time}>
        {scaleMs === null ? `+${Math.round(startMs / 1000)} s` : `+${inMs(startMs)}`}
        {length !== null && length > 0 && <small> took {inMs(length)}</small>}
        {length === null && <small> under way</small>}
      </span>
    </li>
  );
}

function isOpen(moments: readonly Moment[]): boolean {
  return moments.some(({ endMs }) => endMs === null);
}

/** Once a second, so often at most; never while nobody looks at this tab. */
function useLookingAgain(wanted: boolean, look: () => void): void {
  const [looks, setLooks] = useState(0);
  useEffect(() => {
    if (!wanted || looks >= LOOKS_MAX) return;
    const timer = setTimeout(() => {
      setLooks(looks + 1);
      if (document.visibilityState === "visible") look();
    }, LOOK_AGAIN_MS);
    return () => clearTimeout(timer);
  });
}
