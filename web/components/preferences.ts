import { setTemperatureUnit, type TemperatureUnit } from "../format/temperature.ts";

export const DENSITIES = ["compact", "comfortable"] as const;
export type Density = (typeof DENSITIES)[number];
export const TEMPERATURE_UNITS = ["C", "F"] as const;

const DENSITY_KEY = "hashwatch.density";
const TEMPERATURE_KEY = "hashwatch.temperature";

const listeners = new Set<() => void>();
let revision = 0;

/** How high rows are, the reader's choice in this browser. */
export function density(): Density {
  return DENSITIES.find((known) => known === window.localStorage.getItem(DENSITY_KEY)) ?? "compact";
}

/** The unit that the reader chose in this browser. */
export function chosenTemperatureUnit(): TemperatureUnit {
  return TEMPERATURE_UNITS.find((known) => known === window.localStorage.getItem(TEMPERATURE_KEY)) ?? "C";
}

export function setDensity(chosen: Density): void {
  window.localStorage.setItem(DENSITY_KEY, chosen);
  applyPreferences();
}

export function chooseTemperatureUnit(chosen: TemperatureUnit): void {
  window.localStorage.setItem(TEMPERATURE_KEY, chosen);
  applyPreferences();
}

export function applyPreferences(): void {
  document.documentElement.dataset["density"] = density();
  setTemperatureUnit(chosenTemperatureUnit());
  revision += 1;
  for (const listener of listeners) listener();
}

/** Grows with every change: views that hold formatted text are made anew. */
export function preferencesRevision(): number {
  return revision;
}

export function onPreferencesChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
