// One request: who asks whom for what, how it stands, and what one can do about it.
import { Link, useParams } from "react-router";
import { useQuery } from "urql";
import { Avatar, Badge, ButtonLink, Card, DateTime, EmptyState, Facts, Loaded, Money, Page, Stack } from "../../components";
import { readFragment } from "../../graphql";
import type { RequestPartsFragment } from "../../graphql/generated/graphql";
import { Decide } from "./Decide";
import { OneRequest, RequestParts } from "./documents";
import styles from "./Request.module.css";
import { standingOf } from "./standing";

const BACK = { to: "/requests", label: "All requests" };

export default function Request() {
  const { id = "" } = useParams();
  const query = useQuery({ query: OneRequest, variables: { id } });
  return (
    <Page title="Request" width="narrow" back={BACK}>
      <Loaded query={query} subject={({ paymentRequest }) => paymentRequest}>
        {({ me, paymentRequest }) => {
          const request = readFragment(RequestParts, paymentRequest);
          return request == null ? <Unknown /> : <Details request={request} ownId={me.id} />;
        }}
      </Loaded>
    </Page>
  );
}

function Details({ request, ownId }: { request: RequestPartsFragment; ownId: string }) {
  const standing = standingOf(request, ownId);
  const { other, toPay, open, label, tone } = standing;
  return (
    <Card>
      <Stack gap={5}>
        <div className={styles.top}>
          <Avatar name={other.displayName} size="l" />
          <div>
            <Money of={request.amount} size="xl" />
            <p className={styles.words}>
              {toPay ? `${other.displayName} asks you` : `You asked ${other.displayName}`} <Badge tone={tone}>{label}</Badge>
            </p>
          </div>
        </div>
        <Facts
          facts={[
            { name: toPay ? "From" : "To", value: `${other.displayName}, @${other.handle}` },
            { name: "Note", value: request.note },
            { name: "Asked", value: <DateTime at={request.createdAt} time /> },
            { name: "Open until", value: open ? <DateTime at={request.expiresAt} time /> : null },
            {
              name: "Payment",
              value: request.transfer == null ? null : <Link to={`/transfers/${request.transfer.id}`}>See how it went</Link>,
            },
          ]}
        />
        {open && (
          <div className={styles.actions}>
            <Decide request={request} standing={standing} />
          </div>
        )}
      </Stack>
    </Card>
  );
}

function Unknown() {
  return (
    <EmptyState icon="search" title="No such request" action={<ButtonLink to="/requests">All requests</ButtonLink>}>
      It does not exist, or it is between other people.
    </EmptyState>
  );
}
