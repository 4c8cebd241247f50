import { useState, type ReactElement } from "react";
import { setTheme, theme, THEMES, type Theme } from "../../components/theme.ts";

const LABELS: Readonly<Record<Theme, string>> = { system: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" };
const MARKS: Readonly<Record<Theme, string>> = { system: "◐", light: "○", dark: "●" };

export function ThemeButton(): ReactElement {
  const [chosen, setChosen] = useState(theme);
  const next = (): void => {
    const following = THEMES[(THEMES.indexOf(chosen) + 1) % THEMES.length];
    setTheme(following);
    setChosen(following);
  };
  return (
    <button type="button" className="btn quiet" onClick={next} aria-label={LABELS[chosen]} title={LABELS[chosen]}>
      <span aria-hidden="true">{MARKS[chosen]}</span>
    </button>
  );
}
