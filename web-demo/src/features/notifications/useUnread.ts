// How many notifications are unread: asked again whenever one comes or is read.
import { useQuery } from "urql";
import { UnreadCount } from "./documents";

export function useUnread(): number {
  const [{ data }] = useQuery({ query: UnreadCount });
  return data?.me.unreadNotificationCount ?? 0;
}
