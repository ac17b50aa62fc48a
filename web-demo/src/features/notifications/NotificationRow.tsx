// One notification. Following it, or its button, marks it as read.
import { useMutation } from "urql";
import { Icon, IconDisc, Row, TimeAgo } from "../../components";
import { type FragmentType, readFragment } from "../../graphql";
import { useSession } from "../../session";
import { MarkRead, NotificationParts } from "./documents";
import styles from "./NotificationRow.module.css";
import { otherOf, placeOf, signOf } from "./told";

export function NotificationRow({ of }: { of: FragmentType<typeof NotificationParts> }) {
  const told = readFragment(NotificationParts, of);
  const session = useSession();
  const [, markRead] = useMutation(MarkRead);
  const { icon, tone } = signOf(told.kind);
  const other = otherOf(told, session.status === "signed-in" ? session.userId : "");
  const unread = told.readAt === null;
  const read = () => {
    if (unread) void markRead({ ids: [told.id] });
  };
  const to = placeOf(told);
  return (
    <Row
      before={<IconDisc icon={icon} tone={tone} />}
      title={told.title}
      unread={unread}
      {...(to === undefined ? {} : { to })}
      onFollow={read}
      detail={
        <>
          {other !== null && <span className={styles.other}>{other} · </span>}
          {told.body}
          <span className={styles.time}>
            <TimeAgo at={told.happenedAt} />
          </span>
        </>
      }
      after={
        unread && (
          <button type="button" className={styles.read} onClick={read} aria-label={`Mark as read: ${told.title}`}>
            <Icon name="check" size={18} />
          </button>
        )
      }
    />
  );
}
