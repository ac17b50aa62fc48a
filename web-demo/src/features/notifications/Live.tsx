// Follows the stream of notifications, from the newest that there is when the page opens, and shows each that comes.
import { useState } from "react";
import { useQuery } from "urql";
import { toast } from "../../components";
import { readFragment, useLive } from "../../graphql";
import { useSession } from "../../session";
import { NewestCursor, NotificationCame, NotificationParts } from "./documents";
import { beginningOf, otherOf, placeOf, signOf } from "./told";

export function LiveNotifications() {
  const [newest] = useQuery({ query: NewestCursor, requestPolicy: "network-only" });
  const from = beginningOf(newest);
  return from === undefined ? null : <Follow from={from} />;
}

function Follow({ from }: { from: string | null }) {
  const [start] = useState(from); // what comes later moves the cursor by itself
  const session = useSession();
  const ownId = session.status === "signed-in" ? session.userId : "";
  useLive(
    NotificationCame,
    { after: start },
    {
      onEvent: ({ notifications }) => {
        const told = readFragment(NotificationParts, notifications);
        const other = otherOf(told, ownId);
        const to = placeOf(told);
        toast({
          id: told.id,
          icon: signOf(told.kind).icon,
          title: told.title,
          body: other === null ? told.body : `${other} · ${told.body}`,
          ...(to === undefined ? {} : { to }),
        });
      },
    },
  );
  return null;
}
