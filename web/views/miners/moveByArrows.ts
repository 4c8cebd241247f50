import type { KeyboardEvent } from "react";

/** Arrow keys go through the fields and buttons of a panel. */
export function moveByArrows(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("input, button")];
  const next = stops[stops.indexOf(event.target as HTMLElement) + step] as HTMLElement | undefined;
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
