// The way from page to page: a bar at the bottom of a phone, a column at the side of a screen.
import { NavLink } from "react-router";
import { Icon, type IconName } from "../components";
import { useUnread } from "../features/notifications";
import styles from "./Navigation.module.css";

interface Place {
  to: string;
  label: string;
  icon: IconName;
  /** Phones have it at the top. */
  wideOnly?: boolean;
}

const NEWS = "/notifications";

const PLACES: Place[] = [
  { to: "/", label: "Home", icon: "home" },
  { to: "/send", label: "Send", icon: "send" },
  { to: "/requests", label: "Requests", icon: "request" },
  { to: "/rewards", label: "Rewards", icon: "reward" },
  { to: NEWS, label: "Notifications", icon: "bell" },
  { to: "/account", label: "Account", icon: "account", wideOnly: true },
];

export function Navigation() {
  const unread = useUnread();
  return (
    <nav aria-label="Main" className={styles.navigation}>
      <ul className={styles.places}>
        {PLACES.map((place) => (
          <li key={place.to} className={place.wideOnly === true ? styles.wideOnly : ""}>
            <NavLink
              to={place.to}
              end={place.to === "/"}
              className={styles.place ?? ""}
              aria-label={place.to === NEWS && unread > 0 ? `${place.label}, ${unread} unread` : undefined}
            >
              <span className={styles.icon}>
                <Icon name={place.icon} size={22} />
                {place.to === NEWS && unread > 0 && <span className={styles.count} data-count={unread > 99 ? "99+" : unread} />}
              </span>
              <span className={styles.label}>{place.label}</span>
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
