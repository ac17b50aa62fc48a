// What one is asked for, and what one has asked of others.
import { useState } from "react";
import { useSearchParams } from "react-router";
import { useQuery } from "urql";
import { Button, Card, EmptyState, List, Loaded, Page, Pager, Tabs } from "../../components";
import { readFragment } from "../../graphql";
import { Ask } from "./Ask";
import { RequestParts, RequestsPage } from "./documents";
import { RequestRow } from "./RequestRow";

const VIEWS = [
  { key: "open", label: "Open" },
  { key: "all", label: "All" },
] as const;

export default function Requests() {
  const [view, setView] = useState<"open" | "all">("open");
  const [address, setAddress] = useSearchParams();
  const [asking, setAsking] = useState(address.has("to"));
  const close = () => {
    setAsking(false);
    setAddress({}, { replace: true });
  };
  return (
    <Page
      title="Requests"
      width="narrow"
      actions={
        <Button icon="request" onClick={() => setAsking(true)}>
          Request money
        </Button>
      }
    >
      <Tabs label="Which requests" tabs={VIEWS} chosen={view} onChoose={setView}>
        <Card flush>
          <Some key={view} open={view === "open"} after={null} />
        </Card>
      </Tabs>
      <Ask open={asking} to={address.get("to") ?? ""} onClose={close} />
    </Page>
  );
}

function Some({ open, after }: { open: boolean; after: string | null }) {
  const query = useQuery({ query: RequestsPage, variables: { after, status: open ? ["OPEN"] : null } });
  return (
    <Loaded query={query}>
      {({ me: { id, paymentRequests } }) => (
        <>
          {paymentRequests.edges.length > 0 && (
            <List label={after === null ? "Requests" : "Older requests"}>
              {paymentRequests.edges.map(({ node }) => (
                <RequestRow key={readFragment(RequestParts, node).id} of={node} ownId={id} />
              ))}
            </List>
          )}
          {paymentRequests.edges.length === 0 && after === null && <Nothing open={open} />}
          <Pager pageInfo={paymentRequests.pageInfo}>{(next) => <Some open={open} after={next} />}</Pager>
        </>
      )}
    </Loaded>
  );
}

function Nothing({ open }: { open: boolean }) {
  return open ? (
    <EmptyState icon="check" title="Nothing is open">
      Nobody waits for you, and you wait for nobody.
    </EmptyState>
  ) : (
    <EmptyState icon="request" title="No requests yet">
      Ask somebody for money by their handle; they pay with one tap.
    </EmptyState>
  );
}
