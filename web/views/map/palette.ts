import { tokenColours } from "../../components/colour.ts";
import { BIN_COUNT, type Colouring } from "./colouring.ts";

const TOKENS = [
  "surface-0",
  "surface-1",
  "surface-2",
  "surface-3",
  "line",
  "line-strong",
  "text-1",
  "text-2",
  "text-3",
  "accent",
  "accent-wash",
  "focus",
  "hashing-cell",
  "degraded",
  "not-hashing",
  "unreachable",
  "paused",
  "unknown",
  "heat-0",
  "heat-1",
  "heat-2",
  "heat-3",
  "heat-4",
  "heat-5",
  "rated-low-2",
  "rated-low-1",
  "rated-mid",
  "rated-high-1",
  "rated-high-2",
] as const;
type Token = (typeof TOKENS)[number];

const HEAT: readonly Token[] = ["heat-0", "heat-1", "heat-2", "heat-3", "heat-4", "heat-5"];
const RAMPS: Readonly<Record<Exclude<Colouring, "status">, readonly Token[]>> = {
  rated: ["rated-low-2", "rated-low-1", "rated-mid", "rated-high-1", "rated-high-2"],
  temp: HEAT,
  jth: HEAT,
  age: ["surface-3", "text-2"],
};

/** The colours of the theme as the canvas takes them, read once per theme. */
export interface Palette {
  readonly colours: Readonly<Record<Token, string>>;
  /** One colour for each step of a measure's ramp. */
  readonly ramps: Readonly<Record<Exclude<Colouring, "status">, readonly string[]>>;
}

export function readPalette(): Palette {
  const colours = tokenColours(TOKENS);
  const ramp = (stops: readonly Token[]): string[] =>
    rampColours(
      stops.map((stop) => colours[stop]),
      BIN_COUNT,
    );
  return { colours, ramps: { rated: ramp(RAMPS.rated), temp: ramp(RAMPS.temp), jth: ramp(RAMPS.jth), age: ramp(RAMPS.age) } };
}

/** `count` colours along stops given as `rgb(…)`. */
export function rampColours(stops: readonly string[], count: number): string[] {
  const parts = stops.map((stop) => (stop.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number));
  return Array.from({ length: count }, (_, step) => {
    const at = (step / (count - 1)) * (parts.length - 1);
    const from = Math.min(parts.length - 2, Math.floor(at));
    const mixed = parts[from].map((value, channel) => Math.round(value + ((parts[from + 1]?.[channel] ?? value) - value) * (at - from)));
    return `rgb(${mixed.join(", ")})`;
  });
}
