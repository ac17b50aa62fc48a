// Follows the stream of notifications, from where it stands when the page opens, and shows each that comes.
import { useEffect, useState } from "react";
import { useClient } from "urql";
import { toast } from "../../components";
import { readFragment, useLive } from "../../graphql";
import { useSession } from "../../session";
import { NotificationCursor, NotificationCame, NotificationParts } from "./documents";
import { beginningOf, otherOf, placeOf, signOf } from "./told";

export function LiveNotifications() {
  const start = useStart();
  return start === undefined ? null : <Follow start={start} />;
}

/** Asked once, and not again with what is shown: what comes later moves the cursor by itself. Undefined until the answer is there. */
function useStart(): string | null | undefined {
  const client = useClient();
  const [start, setStart] = useState<string | null>();
  useEffect(() => {
    let left = false;
    const asking = client.query(NotificationCursor, {}, { requestPolicy: "network-only" }).toPromise();
    void asking.then((answer) => left || setStart(beginningOf(answer)));
    return () => void (left = true);
  }, [client]);
  return start;
}

function Follow({ start }: { start: string | null }) {
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
