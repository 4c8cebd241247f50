import type { Grown } from "./steps.ts";

const WIDTH = 860;
const HEIGHT = 560;
const MARGIN = { left: 66, right: 18, top: 40, bottom: 46 };
const CELL = { width: WIDTH / 2, height: (HEIGHT - 20) / 2 };
const INK = "#5b6573"; // reads on white and on black
const LINE = "#2f7fd6";

interface Panel {
  readonly title: string;
  readonly valueOf: (grown: Grown) => number;
  /** What growth in proportion to the work would give: to the miners, or to the polls that they take. */
  readonly workOf: (grown: Grown) => number;
}

const miners = (grown: Grown): number => grown.miners;
const pollsPerS = (grown: Grown): number => grown.miners / grown.intervalS;

const PANELS: readonly Panel[] = [
  { title: "CPU, cores", valueOf: (grown) => grown.cores, workOf: pollsPerS },
  { title: "Memory, MB", valueOf: (grown) => grown.mb, workOf: miners },
  { title: "To one browser, KB/s", valueOf: (grown) => grown.kbPerS, workOf: pollsPerS },
  { title: "Reply to browser, p95, s", valueOf: (grown) => grown.latencyS, workOf: () => 1 },
];

/** An SVG of four panels against the size of the fleet, both axes logarithmic; dashed is growth in proportion to the work from the first step on. */
export function plotOf(steps: readonly Grown[]): string {
  const panels = PANELS.map((panel, nth) => panelOf(panel, steps, { x: (nth % 2) * CELL.width, y: Math.floor(nth / 2) * CELL.height }));
  const intervals = [...new Set(steps.map(({ intervalS }) => intervalS))].map((intervalS) => {
    const sizes = steps.filter((step) => step.intervalS === intervalS).map((step) => count(step.miners));
    return `${sizes.join(", ")} miners every ${intervalS} s`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="${INK}" role="img">`,
    `<title>What server and agent cost, by size of the fleet</title>`,
    ...panels,
    `<text x="${WIDTH / 2}" y="${HEIGHT - 6}" text-anchor="middle">${intervals.join("; ")}. Dashed: in proportion to the work.</text>`,
    `</svg>`,
    "",
  ].join("\n");
}

function panelOf({ title, valueOf, workOf }: Panel, steps: readonly Grown[], at: { x: number; y: number }): string {
  const values = steps.map(valueOf);
  const [first] = steps;
  const proportional = steps.map((step) => (valueOf(first) * workOf(step)) / workOf(first));
  const x = scale(steps.map(miners), { from: MARGIN.left, to: CELL.width - MARGIN.right });
  const y = scale([...values, ...proportional], { from: CELL.height - MARGIN.bottom, to: MARGIN.top });
  const path = (points: readonly number[]): string =>
    steps.map((step, nth) => `${nth === 0 ? "M" : "L"}${fixed(x.at(step.miners))} ${fixed(y.at(points[nth]))}`).join(" ");
  return [
    `<g transform="translate(${at.x} ${at.y})">`,
    `<text x="${MARGIN.left}" y="20" font-weight="600">${title}</text>`,
    ...y.decades.map((value) => rule(y.at(value), value)),
    ...steps.map(
      (step) =>
        `<text x="${fixed(x.at(step.miners))}" y="${CELL.height - MARGIN.bottom + 18}" text-anchor="middle">${count(step.miners)}</text>`,
    ),
    `<path d="${path(proportional)}" fill="none" stroke="${INK}" stroke-dasharray="3 4"/>`,
    `<path d="${path(values)}" fill="none" stroke="${LINE}" stroke-width="2"/>`,
    ...steps.map((step, nth) => mark(x.at(step.miners), y.at(values[nth]), figure(values[nth]))),
    `</g>`,
  ].join("\n");
}

function rule(y: number, value: number): string {
  const line = `<line x1="${MARGIN.left}" x2="${CELL.width - MARGIN.right}" y1="${fixed(y)}" y2="${fixed(y)}" stroke="${INK}" stroke-opacity="0.25"/>`;
  return `${line}<text x="${MARGIN.left - 8}" y="${fixed(y + 4)}" text-anchor="end">${figure(value)}</text>`;
}

function mark(x: number, y: number, text: string): string {
  return `<circle cx="${fixed(x)}" cy="${fixed(y)}" r="3.5" fill="${LINE}"/><text x="${fixed(x)}" y="${fixed(y - 9)}" text-anchor="middle" font-weight="600">${text}</text>`;
}

/** Logarithmic, between whole decades; the values of a measurement are above 0. */
function scale(
  values: readonly number[],
  { from, to }: { from: number; to: number },
): { at: (value: number) => number; decades: number[] } {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const decades = Array.from({ length: high - low + 1 }, (_, nth) => 10 ** (low + nth));
  return { at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from), decades };
}

function count(value: number): string {
  return value.toLocaleString("en");
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(2)));
}

function fixed(value: number): string {
  return value.toFixed(1);
}
