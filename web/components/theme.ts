const STORAGE_KEY = "hashwatch.theme";
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const listeners = new Set<() => void>();

/** The reader's choice, kept in this browser; what the system says without one. */
export function theme(): Theme {
  return THEMES.find((known) => known === window.localStorage.getItem(STORAGE_KEY)) ?? "system";
}

export function setTheme(chosen: Theme): void {
  if (chosen === "system") window.localStorage.removeItem(STORAGE_KEY);
  else window.localStorage.setItem(STORAGE_KEY, chosen);
  applyTheme();
}

export function applyTheme(): void {
  const chosen = theme();
  if (chosen === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = chosen;
  for (const listener of listeners) listener();
}

/** Names the colours that the page has: another text after a change of theme. */
export function themeShown(): string {
  return document.documentElement.dataset["theme"] ?? (darkSystem().matches ? "dark" : "light");
}

/** Called when the colours of the page change, by choice or by the system: what is drawn on a canvas must be drawn anew. */
export function onThemeChange(listener: () => void): () => void {
  const system = darkSystem();
  listeners.add(listener);
  system.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    system.removeEventListener("change", listener);
  };
}

let dark: MediaQueryList | undefined;

function darkSystem(): MediaQueryList {
  return (dark ??= window.matchMedia("(prefers-color-scheme: dark)"));
}
