// The centre, the count of what is unread, and what follows the stream.
export { LiveNotifications } from "./Live";
export { useUnread } from "./useUnread";
