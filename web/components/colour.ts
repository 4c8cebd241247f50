/** Colours of the page's tokens as a canvas can take them, which knows neither custom properties nor light-dark(). Read anew after a change of theme. */
export function tokenColours<K extends string>(names: readonly K[]): Record<K, string> {
  const probe = document.createElement("i");
  probe.hidden = true;
  document.body.append(probe);
  const colours = Object.fromEntries(
    names.map((name) => {
      probe.style.color = `var(--${name})`;
      return [name, getComputedStyle(probe).color];
    }),
  ) as Record<K, string>;
  probe.remove();
  return colours;
}

const TRANSPARENT = "rgba(0, 0, 0, 0)";

/** The colour that an element stands on: its own background, else that of the nearest one around it that has any. */
export function groundColour(element: Element): string {
  const { backgroundColor } = getComputedStyle(element);
  return backgroundColor === TRANSPARENT && element.parentElement !== null ? groundColour(element.parentElement) : backgroundColor;
}
