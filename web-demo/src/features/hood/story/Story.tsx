// A transfer's way through the platform: the one whose page is open, else one of the latest.
import { useState } from "react";
import { useMatch } from "react-router";
import { useQuery } from "urql";

import { EmptyState, ErrorState, Skeleton } from "../../../components";
import { graphql } from "../../../graphql";
import { UNRECORDED } from "../../../graphql/recorder";
import { useSession } from "../../../session";
import styles from "./Story.module.css";
import { StoryOf } from "./StoryOf";

const LatestTransfers = graphql(`
  query HoodTransfers {
    me {
      id
      transfers(first: 10) {
        edges {
          node {
            id
            status
            createdAt
            amount {
              formatted
            }
          }
        }
      }
    }
  }
`);

export function Story() {
  const isSignedIn = useSession().status === "signed-in";
  const open = useMatch("/transfers/:id")?.params.id;
  if (!isSignedIn)
    return (
      <EmptyState icon="account" title="Nobody is signed in">
        A transfer shows its way to its two parties only.
      </EmptyState>
    );
  return open === undefined ? <Latest /> : <StoryOf key={open} id={open} />;
}

function Latest() {
  const [{ data, error, fetching }] = useQuery({ query: LatestTransfers, context: UNRECORDED, requestPolicy: "cache-and-network" });
  const [chosen, choose] = useState<string | null>(null);
  const transfers = data?.me.transfers.edges.map(({ node }) => node) ?? [];
  const id = chosen ?? transfers[0]?.id;
  if (error && data == null) return <ErrorState error={error} />;
  if (id === undefined)
    return fetching ? (
      <Skeleton />
    ) : (
      <EmptyState icon="send" title="No transfer yet">
        The way of your first one will stand here.
      </EmptyState>
    );
  return (
    <div className={styles.latest}>
      <label className={styles.which}>
        Transfer
        <select value={id} onChange={(event) => choose(event.target.value)}>
          {transfers.map((transfer) => (
            <option key={transfer.id} value={transfer.id}>
              {`${transfer.amount.formatted}, ${new Date(transfer.createdAt).toLocaleString()}, ${transfer.status.toLowerCase()}`}
            </option>
          ))}
        </select>
      </label>
      <StoryOf key={id} id={id} />
    </div>
  );
}
