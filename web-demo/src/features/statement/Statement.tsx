// A wallet's statement: every line that has changed its balance, the newest first, by kind and by day.
import { useSearchParams } from "react-router";
import { useQuery } from "urql";
import { Card, EmptyState, Loaded, Pager } from "../../components";
import { graphql } from "../../graphql";
import { DayOfEntries } from "./DayOfEntries";
import { byDay } from "./days";
import { addressOf, argumentsOf, type Filter, filterOf, isEverything, problemOf } from "./filter";
import { FilterBar } from "./FilterBar";

const StatementPage = graphql(`
  query StatementPage($id: ID!, $after: String, $kinds: [EntryKind!], $since: DateTime, $until: DateTime) {
    wallet(id: $id) {
      id
      entries(first: 20, after: $after, kinds: $kinds, since: $since, until: $until) {
        edges {
          cursor
          node {
            id
            createdAt
            ...EntryRowParts
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export function Statement({ walletId }: { walletId: string }) {
  const [address, setAddress] = useSearchParams();
  const filter = filterOf(address);
  const problem = problemOf(filter);
  return (
    <Card title="Statement" flush>
      <FilterBar filter={filter} problem={problem} onChange={(next) => setAddress(addressOf(next), { replace: true })} />
      {problem === null && <Entries key={addressOf(filter).toString()} walletId={walletId} filter={filter} after={null} />}
    </Card>
  );
}

/** Where a filter finds little, a page may be empty and have a next one: so many are gone through without being asked. */
const EMPTY_PAGES_MAX = 5;

interface Props {
  walletId: string;
  filter: Filter;
  /** Null for the first page. */
  after: string | null;
  /** The day that the page before this one ends with. */
  dayBefore?: string | undefined;
  /** How many pages before this one were empty, without a break. */
  empty?: number;
}

function Entries({ walletId, filter, after, dayBefore, empty = 0 }: Props) {
  const query = useQuery({ query: StatementPage, variables: { id: walletId, after, ...argumentsOf(filter) } });
  return (
    <Loaded query={query} subject={({ wallet }) => wallet?.entries}>
      {({ wallet }) => {
        const { edges = [], pageInfo = { hasNextPage: false, endCursor: null } } = wallet?.entries ?? {};
        const days = byDay(edges.map((edge) => edge.node));
        const lastDay = days.at(-1)?.date ?? dayBefore;
        if (days.length === 0 && !pageInfo.hasNextPage) return dayBefore === undefined && <Nothing filtered={!isEverything(filter)} />;
        if (days.length === 0 && pageInfo.endCursor !== null && empty < EMPTY_PAGES_MAX) {
          return <Entries walletId={walletId} filter={filter} after={pageInfo.endCursor} dayBefore={lastDay} empty={empty + 1} />;
        }
        return (
          <>
            {days.map(({ date, entries }) => (
              <DayOfEntries key={date} entries={entries} continued={date === dayBefore} />
            ))}
            <Pager pageInfo={pageInfo}>{(next) => <Entries walletId={walletId} filter={filter} after={next} dayBefore={lastDay} />}</Pager>
          </>
        );
      }}
    </Loaded>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  if (filtered) return <EmptyState icon="search" title="Nothing of this kind in these days" />;
  return (
    <EmptyState icon="wallet" title="Nothing yet">
      What you put in, take out, send and receive is listed here.
    </EmptyState>
  );
}
