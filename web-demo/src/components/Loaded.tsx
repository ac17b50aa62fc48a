// What a query has answered, or what to show until it has. Data that is there stays while it is asked for again, or when that fails.
import type { ReactNode } from "react";
import type { AnyVariables, UseQueryResponse } from "urql";
import { ErrorState, Skeleton } from "./States";

interface Props<Data, Variables extends AnyVariables> {
  query: UseQueryResponse<Data, Variables>;
  /** What stands around the skeleton and the error: the page, where that gets its title from the answer. */
  around?: (instead: ReactNode) => ReactNode;
  children: (data: NonNullable<Data>) => ReactNode;
}

export function Loaded<Data, Variables extends AnyVariables>({ query, around = bare, children }: Props<Data, Variables>) {
  const [{ data, error, fetching }, ask] = query;
  if (data != null) return children(data);
  if (error === undefined || fetching) return around(<Skeleton />);
  return around(<ErrorState error={error} onRetry={() => ask({ requestPolicy: "network-only" })} />);
}

const bare = (instead: ReactNode) => instead;
