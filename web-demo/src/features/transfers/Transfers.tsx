// What one has sent and received, the latest first, by how it stands.
import { useSearchParams } from "react-router";
import { useQuery } from "urql";
import { ButtonLink, Card, EmptyState, List, Loaded, Page, Pager, Tabs } from "../../components";
import { TransferRow } from "../../components/transfer";
import { graphql } from "../../graphql";
import type { TransferStatus } from "../../graphql/generated/graphql";

const TransfersPage = graphql(`
  query TransfersPage($after: String, $status: [TransferStatus!]) {
    me {
      id
      transfers(first: 20, after: $after, status: $status) {
        edges {
          cursor
          node {
            id
            ...TransferRowParts
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

const TABS = [
  { key: "all", label: "All" },
  { key: "COMPLETED", label: "Completed" },
  { key: "PENDING", label: "On its way" },
  { key: "FAILED", label: "Failed" },
] as const;

type Shown = (typeof TABS)[number]["key"];

export default function Transfers() {
  const [address, setAddress] = useSearchParams();
  const status = address.get("status") ?? "";
  const shown = TABS.find((tab) => tab.key === status)?.key ?? "all";
  const choose = (key: Shown) => setAddress(key === "all" ? {} : { status: key }, { replace: true });
  return (
    <Page
      title="Transfers"
      back={{ to: "/", label: "Home" }}
      actions={
        <ButtonLink to="/send" icon="send">
          Send money
        </ButtonLink>
      }
    >
      <Tabs label="Status" tabs={TABS} chosen={shown} onChoose={choose}>
        <Card flush>
          <Some key={shown} status={shown === "all" ? null : [shown]} after={null} />
        </Card>
      </Tabs>
    </Page>
  );
}

function Some({ status, after }: { status: TransferStatus[] | null; after: string | null }) {
  const query = useQuery({ query: TransfersPage, variables: { status, after } });
  return (
    <Loaded query={query}>
      {({ me }) => {
        const { edges, pageInfo } = me.transfers;
        if (edges.length === 0 && after === null) return <Nothing of={status?.[0]} />;
        return (
          <>
            <List label={after === null ? "Transfers" : "Earlier transfers"}>
              {edges.map(({ node }) => (
                <TransferRow key={node.id} of={node} />
              ))}
            </List>
            <Pager pageInfo={pageInfo}>{(next) => <Some status={status} after={next} />}</Pager>
          </>
        );
      }}
    </Loaded>
  );
}

function Nothing({ of }: { of: TransferStatus | undefined }) {
  switch (of) {
    case "PENDING":
      return <EmptyState icon="check" title="Nothing is on its way" />;
    case "FAILED":
      return <EmptyState icon="check" title="Nothing has failed" />;
    default:
      return (
        <EmptyState icon="send" title="Nothing yet" action={<ButtonLink to="/send">Send money</ButtonLink>}>
          Payments that you send and receive are listed here.
        </EmptyState>
      );
  }
}
