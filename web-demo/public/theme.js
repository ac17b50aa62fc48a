// The theme that was chosen on this device, before anything is painted; src/components/theme.ts changes it.
try {
  const theme = localStorage.getItem("payflow.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden: the system's theme it is.
}
