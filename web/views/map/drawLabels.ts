import { countOf, formatNumber } from "../../format/number.ts";
import type { MapLabel } from "./arrangement.ts";
import type { MapContext } from "./drawCell.ts";
import type { MapView, Point } from "./geometry.ts";
import type { MapLayout } from "./layout.ts";
import type { Palette } from "./palette.ts";

const FONT = '"Inter Variable", Inter, sans-serif';
const STYLES: Readonly<Record<MapLabel["kind"], { font: string; lineHeight: number }>> = {
  site: { font: `600 13px/1 ${FONT}`, lineHeight: 20 },
  block: { font: `500 10px/1 ${FONT}`, lineHeight: 12 },
  aisle: { font: `500 11px/1 ${FONT}`, lineHeight: 12 },
  column: { font: `500 10px/1 ${FONT}`, lineHeight: 12 },
};

interface LabelLook {
  readonly view: MapView;
  /** Of the canvas. */
  readonly height: number;
  readonly palette: Palette;
  /** The block whose name stands out, -1 for none. */
  readonly named: number;
  readonly faultsOfSite: ReadonlyMap<string, number>;
}

/** Draws the names of a layout, in CSS pixels. */
export function drawLabels(g: MapContext, layout: MapLayout, look: LabelLook): void {
  const { view, height, palette, named } = look;
  for (const label of layout.labels) {
    const { font, lineHeight } = STYLES[label.kind];
    const isNamed = label.kind !== "site" && label.blocks.includes(named);
    g.font = isNamed ? font.replace("500", "700") : font;
    g.fillStyle = palette.colours[label.kind === "site" || isNamed ? "text-1" : "text-3"];
    const x = label.x * view.scale + view.x;
    const y = (label.y - lineHeight / 2) * view.scale + view.y + lineHeight / 2;
    if (y < -20 || y > height + 20) continue;
    const width = fillText(g, label.text, { x, y, room: label.room * view.scale - 2 });
    if (label.kind === "site") drawSiteCount(g, layout, { label, look, at: { x: x + width + 10, y } });
  }
}

function drawSiteCount(g: MapContext, { blocks }: MapLayout, { label, look, at }: { label: MapLabel; look: LabelLook; at: Point }): void {
  const count = label.blocks.reduce((sum, number) => sum + blocks[number].cellCount, 0);
  const faults = look.faultsOfSite.get(label.siteId) ?? 0;
  g.font = `500 11px/1 ${FONT}`;
  g.fillStyle = look.palette.colours["text-3"];
  fillText(g, `${countOf(count, "miner")}, ${formatNumber(faults)} with a fault`, { ...at, room: label.room * look.view.scale });
}

/** Returns the width of what was drawn: as much of the text as has room, and nothing where that would say too little. */
function fillText(g: MapContext, text: string, { x, y, room }: Point & { room: number }): number {
  const { width } = g.measureText(text);
  const shown = width <= room ? text : `${text.slice(0, Math.max(0, Math.floor((text.length * room) / width) - 1))}…`;
  if (shown.length < 3 && shown !== text) return 0;
  g.fillText(shown, x, y);
  return Math.min(width, room);
}
