// What a query has answered, or what to show until it has. Data that is there stays while it is asked for again, or when that fails.
import type { ReactNode } from "react";
import type { AnyVariables, UseQueryResponse } from "urql";
import { isKnown } from "./known";
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
  const [{ data, error, fetching, stale }, ask] = query;
  if (data != null && isKnown({ data, error, stale }, subject)) return children(data);
  if (error === undefined || fetching || stale) return around(<Skeleton />);
  return around(<ErrorState error={error} onRetry={() => ask({ requestPolicy: "network-only" })} />);
}

const bare = (instead: ReactNode) => instead;
const itself = (data: unknown) => data;
