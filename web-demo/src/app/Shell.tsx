// What stays while pages come and go: navigation, the state of the connection, news.
import { Link } from "react-router";
import { ConnectionBanner, Icon, Toasts } from "../components";
import { LiveWallets } from "../components/wallet";
import { LiveNotifications } from "../features/notifications";
import { Around } from "./Around";
import { Foot } from "./Foot";
import { Logo } from "./Logo";
import { Navigation } from "./Navigation";
import { Pages } from "./routes";
import styles from "./Shell.module.css";

export function Shell() {
  return (
    <div className={styles.shell}>
      <a href="#content" className={styles.skip}>
        Skip to the content
      </a>
      <header className={styles.top}>
        <Link to="/" className={styles.home} aria-label="PayFlow, home">
          <Logo />
        </Link>
        <Link to="/account" className={styles.account} aria-label="Account">
          <Icon name="account" />
        </Link>
      </header>
      <Navigation />
      <div className={styles.middle}>
        <ConnectionBanner />
        <main id="content" className={styles.main} tabIndex={-1}>
          <Around>
            <Pages />
          </Around>
        </main>
        <footer className={styles.foot}>
          <Foot />
        </footer>
      </div>
      <Toasts />
      <LiveWallets />
      <LiveNotifications />
    </div>
  );
}
