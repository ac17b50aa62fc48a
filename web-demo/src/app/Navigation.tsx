// The way from page to page: a bar at the bottom of a phone, a column at the side of a screen.
import { NavLink } from "react-router";
import { Icon, type IconName } from "../components";
import styles from "./Navigation.module.css";

interface Place {
  to: string;
  label: string;
  icon: IconName;
  /** Phones have it at the top. */
  wideOnly?: boolean;
}

const PLACES: Place[] = [
  { to: "/", label: "Home", icon: "home" },
  { to: "/account", label: "Account", icon: "account", wideOnly: true },
];

export function Navigation() {
  return (
    <nav aria-label="Main" className={styles.navigation}>
      <ul className={styles.places}>
        {PLACES.map((place) => (
          <li key={place.to} className={place.wideOnly === true ? styles.wideOnly : ""}>
            <NavLink to={place.to} end={place.to === "/"} className={styles.place ?? ""}>
              <span className={styles.icon}>
                <Icon name={place.icon} size={22} />
              </span>
              <span className={styles.label}>{place.label}</span>
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
