import { setTemperatureUnit, type TemperatureUnit } from "../format/temperature.ts";

export const DENSITIES = ["compact", "comfortable"] as const;
export type Density = (typeof DENSITIES)[number];
export const TEMPERATURE_UNITS = ["C", "F"] as const;

const DENSITY_KEY = "hashwatch.density";
const TEMPERATURE_KEY = "hashwatch.temperature";

const listeners = new Set<() => void>();
let revision = 0;
let serverUnit: TemperatureUnit = "C";

/** How high rows are, the reader's choice in this browser. */
export function density(): Density {
  return DENSITIES.find((known) => known === window.localStorage.getItem(DENSITY_KEY)) ?? "compact";
}

/** The unit that the reader chose in this browser; null: as the server's settings say. */
export function chosenTemperatureUnit(): TemperatureUnit | null {
  return TEMPERATURE_UNITS.find((known) => known === window.localStorage.getItem(TEMPERATURE_KEY)) ?? null;
}

export function setDensity(chosen: Density): void {
  window.localStorage.setItem(DENSITY_KEY, chosen);
  applyPreferences();
}

export function chooseTemperatureUnit(chosen: TemperatureUnit | null): void {
  if (chosen === null) window.localStorage.removeItem(TEMPERATURE_KEY);
  else window.localStorage.setItem(TEMPERATURE_KEY, chosen);
  applyPreferences();
}

/** The unit of GET /settings, in force where the reader has chosen none. */
export function setServerTemperatureUnit(unit: TemperatureUnit): void {
  if (unit === serverUnit) return;
  serverUnit = unit;
  applyPreferences();
}

export function applyPreferences(): void {
  document.documentElement.dataset["density"] = density();
  setTemperatureUnit(chosenTemperatureUnit() ?? serverUnit);
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
