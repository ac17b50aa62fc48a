// Which theme to show, as three choices side by side.
import { useState } from "react";
import { Icon, type IconName } from "./Icon";
import { chooseTheme, chosenTheme, type Theme } from "./theme";
import styles from "./ThemeSwitch.module.css";

const THEMES: { theme: Theme; label: string; icon: IconName }[] = [
  { theme: "system", label: "As the device", icon: "device" },
  { theme: "light", label: "Light", icon: "sun" },
  { theme: "dark", label: "Dark", icon: "moon" },
];

export function ThemeSwitch() {
  const [chosen, setChosen] = useState(chosenTheme);
  return (
    <fieldset className={styles.choices}>
      <legend className="visually-hidden">Theme</legend>
      {THEMES.map(({ theme, label, icon }) => (
        <label key={theme} className={styles.choice}>
          <input
            type="radio"
            name="theme"
            className={styles.radio}
            checked={theme === chosen}
            onChange={() => {
              chooseTheme(theme);
              setChosen(theme);
            }}
          />
          <Icon name={icon} size={18} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
