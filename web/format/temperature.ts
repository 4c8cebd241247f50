import { figure, isReading, type Figure } from "./number.ts";

export type TemperatureUnit = "C" | "F";

let unit: TemperatureUnit = "C";

/** The unit that every temperature of the page is shown in from now on. What is measured, stored and compared stays in °C. */
export function setTemperatureUnit(chosen: TemperatureUnit): void {
  unit = chosen;
}

export function temperatureUnit(): "°C" | "°F" {
  return unit === "F" ? "°F" : "°C";
}

/** A temperature in the reader's unit, NaN for none: for charts, bars and plain cells. */
export function shownTemperature(celsius: number | null | undefined): number {
  if (!isReading(celsius)) return Number.NaN;
  return unit === "F" ? celsius * 1.8 + 32 : celsius;
}

/** The way back, for what a reader typed. */
export function celsiusOf(shown: number): number {
  return unit === "F" ? (shown - 32) / 1.8 : shown;
}

/** Whole degrees with their unit; `–` for none. */
export function temperatureFigure(celsius: number | null | undefined): Figure {
  return figure(shownTemperature(celsius), temperatureUnit());
}
