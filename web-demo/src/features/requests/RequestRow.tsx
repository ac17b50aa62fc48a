// A request in a list, with what one can do about it.
import { Avatar, Badge, DateTime, Money, Row, TimeAgo } from "../../components";
import { type FragmentType, readFragment } from "../../graphql";
import { Decide } from "./Decide";
import { RequestParts } from "./documents";
import { standingOf } from "./standing";

export function RequestRow({ of, ownId }: { of: FragmentType<typeof RequestParts>; ownId: string }) {
  const request = readFragment(RequestParts, of);
  const standing = standingOf(request, ownId);
  const { other, toPay, open, label, tone } = standing;
  return (
    <Row
      to={`/requests/${request.id}`}
      before={<Avatar name={other.displayName} />}
      title={toPay ? `${other.displayName} asks you` : `You asked ${other.displayName}`}
      detail={
        <>
          {request.note != null && <>{request.note} · </>}
          {open ? (
            <>
              until <DateTime at={request.expiresAt} />
            </>
          ) : (
            <TimeAgo at={request.createdAt} />
          )}
        </>
      }
      after={
        <>
          <Money of={request.amount} />
          <Badge tone={tone}>{label}</Badge>
        </>
      }
      actions={open ? <Decide request={request} standing={standing} /> : undefined}
    />
  );
}
