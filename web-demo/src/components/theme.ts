// Light, dark, or as the system has it; kept on this device. public/theme.js puts it on before the first paint.

export type Theme = "system" | "light" | "dark";

const NAME = "payflow.theme";

export function chosenTheme(): Theme {
  const theme = localStorage.getItem(NAME);
  return theme === "light" || theme === "dark" ? theme : "system";
}

export function chooseTheme(theme: Theme): void {
  if (theme === "system") {
    localStorage.removeItem(NAME);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(NAME, theme);
    document.documentElement.dataset.theme = theme;
  }
}
