// What a query has answered, or what to show until it has. Data that is there stays while it is asked for again, or when that fails.
import type { ReactNode } from "react";
import type { AnyVariables, UseQueryResponse } from "urql";
import { isOutage, useConnection } from "../graphql";
import { Button } from "./Button";
import { isKnown } from "./known";
import { Notice } from "./Notice";
import { ErrorState, Skeleton } from "./States";

interface Props<Data, Variables extends AnyVariables> {
  query: UseQueryResponse<Data, Variables>;
  /** What stands around the skeleton and the error: the page, where that gets its title from the answer. */
  around?: (instead: ReactNode) => ReactNode;
  /** What it is all about, where that may be null: "there is none" is said only once the API has said so. */
  subject?: (data: NonNullable<Data>) => unknown;
  children: (data: NonNullable<Data>) => ReactNode;
}

export function Loaded<Data, Variables extends AnyVariables>({ query, around = bare, subject = itself, children }: Props<Data, Variables>) {
  const [{ data, error, fetching, stale }] = query;
  if (data != null && isKnown({ data, error, stale }, subject)) {
    return (
      <>
        {error !== undefined && isOutage(error) && <NotAllOfIt query={query} />}
        {children(data)}
      </>
    );
  }
  // Not while it is `stale`: the cache may have thought of asking again when a neighbour was answered, and thought better of it.
  if (error === undefined || fetching) return around(<Skeleton />);
  return around(<ErrorState error={error} onRetry={() => askAgain(query)} />);
}

interface LineProps<Data, Variables extends AnyVariables> {
  query: UseQueryResponse<Data, Variables>;
  /** What is said where it cannot be had. */
  missing: string;
  children: (data: NonNullable<Data>) => ReactNode;
}

/** For what is a line of the page, if anything: nothing stands there until it is known, and where it cannot be had another line. */
export function LoadedLine<Data, Variables extends AnyVariables>({ query, missing, children }: LineProps<Data, Variables>) {
  const [{ data, error }] = query;
  if (data != null) return children(data);
  return error === undefined ? null : <TryAgain query={query}>{missing}</TryAgain>;
}

/** Some of what is shown is not there, or not new: its service is away. Of a line that is lost the banner tells, and then all is asked again. */
function NotAllOfIt<Data, Variables extends AnyVariables>({ query }: { query: UseQueryResponse<Data, Variables> }) {
  const line = useConnection();
  if (line === "offline" || line === "reconnecting") return null;
  return <TryAgain query={query}>Some of this is missing or out of date just now.</TryAgain>;
}

interface TryAgainProps<Data, Variables extends AnyVariables> {
  query: UseQueryResponse<Data, Variables>;
  children: ReactNode;
}

function TryAgain<Data, Variables extends AnyVariables>({ query, children }: TryAgainProps<Data, Variables>) {
  const [{ fetching }] = query;
  return (
    <Notice
      tone="warning"
      action={
        <Button variant="secondary" size="s" busy={fetching} onClick={() => askAgain(query)}>
          Try again
        </Button>
      }
    >
      {children}
    </Notice>
  );
}

function askAgain<Data, Variables extends AnyVariables>([, ask]: UseQueryResponse<Data, Variables>): void {
  ask({ requestPolicy: "network-only" });
}

const bare = (instead: ReactNode) => instead;
const itself = (data: unknown) => data;
