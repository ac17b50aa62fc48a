// The notification centre: everything that one was told, the newest first, and what of it is unread.
import { useState } from "react";
import { useMutation, useQuery } from "urql";
import { Button, Card, EmptyState, List, Loaded, Page, Pager, Problem, Tabs } from "../../components";
import { readFragment } from "../../graphql";
import { MarkAllRead, NotificationParts, NotificationsPage } from "./documents";
import { NotificationRow } from "./NotificationRow";
import { useUnread } from "./useUnread";

const VIEWS = [
  { key: "all", label: "All" },
  { key: "unread", label: "Unread" },
] as const;

export default function Notifications() {
  const [view, setView] = useState<"all" | "unread">("all");
  return (
    <Page title="Notifications" width="narrow" actions={<ReadAll />}>
      <Tabs label="Which notifications" tabs={VIEWS} chosen={view} onChoose={setView}>
        <Card flush>
          <Some key={view} unreadOnly={view === "unread"} after={null} />
        </Card>
      </Tabs>
    </Page>
  );
}

function Some({ unreadOnly, after }: { unreadOnly: boolean; after: string | null }) {
  const query = useQuery({ query: NotificationsPage, variables: { unreadOnly, after } });
  return (
    <Loaded query={query}>
      {({ me: { notifications } }) => (
        <>
          {notifications.edges.length > 0 && (
            <List label={after === null ? "Notifications" : "Older notifications"}>
              {notifications.edges.map(({ node }) => (
                <NotificationRow key={readFragment(NotificationParts, node).id} of={node} />
              ))}
            </List>
          )}
          {notifications.edges.length === 0 && after === null && <Nothing unreadOnly={unreadOnly} />}
          <Pager pageInfo={notifications.pageInfo}>{(next) => <Some unreadOnly={unreadOnly} after={next} />}</Pager>
        </>
      )}
    </Loaded>
  );
}

function Nothing({ unreadOnly }: { unreadOnly: boolean }) {
  return unreadOnly ? (
    <EmptyState icon="check" title="You have read everything" />
  ) : (
    <EmptyState icon="bell" title="Nothing yet">
      When money moves, or somebody asks you for some, you read it here.
    </EmptyState>
  );
}

/** Up to the newest that is shown: what comes at this very moment stays unread. */
function ReadAll() {
  const unread = useUnread();
  const [{ data }] = useQuery({ query: NotificationsPage, variables: { unreadOnly: false, after: null }, requestPolicy: "cache-first" });
  const [{ fetching, error }, markAll] = useMutation(MarkAllRead);
  const newest = readFragment(NotificationParts, data?.me.notifications.edges[0]?.node);
  if (unread === 0 || newest === undefined) return null;
  return (
    <>
      <Button variant="secondary" size="s" icon="check" busy={fetching} onClick={() => void markAll({ upTo: newest.cursor })}>
        Mark all as read
      </Button>
      <Problem message={error === undefined ? null : "That did not work. Please try again."} />
    </>
  );
}
