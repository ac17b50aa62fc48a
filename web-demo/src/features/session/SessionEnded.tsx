// Why somebody who was signed in is not any more.
import { Notice } from "../../components";

export function SessionEnded({ because }: { because: "nobody-yet" | "signed-out" | "ended" }) {
  if (because !== "ended") return null;
  return <Notice tone="warning">Your session has ended. Please sign in again.</Notice>;
}
