import { themeShown } from "./theme.ts";

const known = new Map<string, string>();
let knownTheme = "";

/** Colours of the page's tokens as a canvas can take them, which knows neither custom properties nor light-dark(). Read anew after a change of theme. */
export function tokenColours<K extends string>(names: readonly K[]): Record<K, string> {
  if (knownTheme !== themeShown()) known.clear();
  knownTheme = themeShown();
  const missing = names.filter((name) => !known.has(name));
  // To ask for one has the style of the whole page worked out, which is dear in the middle of a change.
  if (missing.length > 0) for (const [name, colour] of Object.entries(readColours(missing))) known.set(name, colour);
  return Object.fromEntries(names.map((name) => [name, known.get(name) ?? ""])) as Record<K, string>;
}

function readColours(names: readonly string[]): Record<string, string> {
  const probe = document.createElement("i");
  probe.hidden = true;
  document.body.append(probe);
  const colours = Object.fromEntries(
    names.map((name) => {
      probe.style.color = `var(--${name})`;
      return [name, getComputedStyle(probe).color];
    }),
  );
  probe.remove();
  return colours;
}

const TRANSPARENT = "rgba(0, 0, 0, 0)";

/** The colour that an element stands on: its own background, else that of the nearest one around it that has any. */
export function groundColour(element: Element): string {
  const { backgroundColor } = getComputedStyle(element);
  return backgroundColor === TRANSPARENT && element.parentElement !== null ? groundColour(element.parentElement) : backgroundColor;
}
