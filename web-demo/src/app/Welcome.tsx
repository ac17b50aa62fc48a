// The first page that a stranger sees: what this is, and the two ways in.
import { ButtonLink, Icon, type IconName, Page } from "../components";
import { useSession } from "../session";
import { SessionEnded } from "../features/session";
import styles from "./Welcome.module.css";

const PROMISES: { icon: IconName; title: string; words: string }[] = [
  { icon: "send", title: "Send to a handle", words: "No account numbers. See who it is before you confirm, and each step as it happens." },
  { icon: "request", title: "Ask for it", words: "Split a dinner or a bill. They pay with one tap, or decline without a fuss." },
  { icon: "wallet", title: "Every currency its wallet", words: "Balances that are right at every moment, live in every window." },
];

export function Welcome() {
  const session = useSession();
  return (
    <Page title="Welcome to PayFlow" titleHidden>
      {session.status === "signed-out" && <SessionEnded because={session.because} />}
      <div className={styles.welcome}>
        <div className={styles.words}>
          <p className={styles.claim}>Money that moves as you watch.</p>
          <p className={styles.lead}>
            A wallet for every currency you use. Send, request and receive money in seconds, and follow every step.
          </p>
          <div className={styles.ways}>
            <ButtonLink to="/sign-up">Sign up</ButtonLink>
            <ButtonLink to="/sign-in" variant="secondary">
              Sign in
            </ButtonLink>
          </div>
        </div>
        <Cards />
      </div>
      <ul className={styles.promises}>
        {PROMISES.map(({ icon, title, words }) => (
          <li key={title} className={styles.promise}>
            <Icon name={icon} size={22} />
            <h2 className={styles.promiseTitle}>{title}</h2>
            <p className={styles.promiseWords}>{words}</p>
          </li>
        ))}
      </ul>
    </Page>
  );
}

/** A picture of three wallets: shapes, no numbers. */
function Cards() {
  return (
    <svg className={styles.cards} viewBox="0 0 360 300" aria-hidden="true" focusable="false">
      <g transform="rotate(-9 180 150)">
        <rect x="70" y="30" width="240" height="150" rx="22" className={styles.third} />
        <rect x="50" y="70" width="240" height="150" rx="22" className={styles.second} />
        <rect x="30" y="112" width="240" height="150" rx="22" className={styles.first} />
        <circle cx="66" cy="148" r="14" className={styles.chip} />
        <path d="M56 222h70m26 0h70" className={styles.lines} />
        <path d="M150 158c18 0 20-28 38-28s20 28 38 28" className={styles.wave} />
        <circle cx="232" cy="130" r="6" className={styles.dot} />
      </g>
    </svg>
  );
}
