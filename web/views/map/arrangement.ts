import type { Block, SiteBlocks } from "./blocks.ts";

/** A rack or a subnet with its place on the map, CSS pixels at zoom 1. */
export interface PlacedBlock {
  readonly block: Block;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Number of its first cell; a block's cells follow each other. */
  readonly firstCell: number;
  readonly cellCount: number;
}

export interface MapLabel {
  readonly kind: "site" | "block" | "aisle" | "column";
  readonly text: string;
  readonly siteId: string;
  readonly x: number;
  /** Base line. */
  readonly y: number;
  /** Blocks that it names, as numbers in `blocks`. */
  readonly blocks: readonly number[];
  /** Room to the next, pixels at zoom 1. */
  readonly room: number;
}

/** Sizes that are to be found, CSS pixels. */
export interface Pitch {
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** Between racks beside each other, and between their lines. */
  readonly gap: number;
  readonly lineGap: number;
}

/** How a site arranges its blocks: as they fit, or by aisle, as the names of racks say (row A, racks 01 to 12), in so many columns of aisles. */
export type Arrangement = "flow" | { readonly aisleColumns: number };

/** Strips of sites, one below the other. */
export interface Plan {
  readonly strips: readonly (readonly SiteBlocks[])[];
  readonly arrangement: Arrangement;
}

export interface Drawing {
  readonly blocks: Omit<PlacedBlock, "firstCell" | "cellCount">[];
  readonly labels: MapLabel[];
  /** A site is wider than its share, and may lie over the next. */
  isTooWide: boolean;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

const MARGIN = 12;
const SITE_GAP = 24;
const SITE_HEADER = 24;
const BLOCK_LABEL = 14;
/** The least between two racks. */
export const BLOCK_GAP = 6;
const AISLE_LABEL = 18;
const STRIP_GAP = 10;

export function sizeOf({ blocks }: Pick<Drawing, "blocks">): { width: number; height: number } {
  return {
    width: blocks.reduce((most, { x, width }) => Math.max(most, x + width), 0) + MARGIN,
    height: blocks.reduce((most, { y, height }) => Math.max(most, y + height), 0) + MARGIN,
  };
}

/** Everything in its place, as wide as it then is. */
export function draw({ strips, arrangement }: Plan, { width, pitch }: { width: number; pitch: Pitch }): Drawing {
  const drawing: Drawing = { blocks: [], labels: [], isTooWide: false };
  let y = 4;
  for (const strip of strips) {
    const room = width - 2 * MARGIN - SITE_GAP * (strip.length - 1);
    const total = strip.reduce((sum, site) => sum + placesOf(site), 0);
    let x = MARGIN;
    for (const site of strip) {
      const box = { x, y, width: Math.floor((room * placesOf(site)) / Math.max(1, total)) };
      drawSite(drawing, site, { box, arrangement, pitch });
      x += box.width + SITE_GAP;
    }
    y = sizeOf(drawing).height - MARGIN + STRIP_GAP;
  }
  return drawing;
}

function drawSite(
  drawing: Drawing,
  site: SiteBlocks,
  { box, arrangement, pitch }: { box: Box; arrangement: Arrangement; pitch: Pitch },
): void {
  const before = drawing.blocks.length;
  const below = { ...box, y: box.y + SITE_HEADER };
  const left = arrangement === "flow" ? box.x : box.x + AISLE_LABEL;
  const label = { kind: "site" as const, text: site.name, siteId: site.siteId, x: left, y: box.y + 16, room: box.width };
  if (arrangement === "flow") drawFlow(drawing, site.blocks, { box: below, pitch });
  else drawAisleColumns(drawing, site, { box: below, pitch, count: arrangement.aisleColumns });
  const own = drawing.blocks.slice(before);
  drawing.labels.push({ ...label, blocks: own.map((_, i) => before + i) });
  if (own.some(({ x, width }) => x + width > box.x + box.width)) drawing.isTooWide = true;
}

/** Blocks one after the other, in lines as long as the box is wide. */
function drawFlow(drawing: Drawing, blocks: readonly Block[], { box, pitch }: { box: Box; pitch: Pitch }): void {
  let [x, y, lineHeight] = [box.x, box.y, 0];
  for (const block of blocks) {
    const { width, height } = extent(block, pitch);
    if (x > box.x && x + width > box.x + box.width) [x, y, lineHeight] = [box.x, y + lineHeight + pitch.lineGap, 0];
    const label = { kind: "block" as const, text: block.name, siteId: block.siteId, x, y: y + BLOCK_LABEL - 4, room: width };
    drawing.labels.push({ ...label, blocks: [drawing.blocks.length] });
    drawing.blocks.push({ block, x, y: y + BLOCK_LABEL, width, height });
    x += width + pitch.gap;
    lineHeight = Math.max(lineHeight, height + BLOCK_LABEL);
  }
}

/** The aisles in order, so many columns of about the same count beside each other. */
function drawAisleColumns(
  drawing: Drawing,
  { siteId, blocks }: SiteBlocks,
  { box, pitch, count }: { box: Box; pitch: Pitch; count: number },
): void {
  const aisles = [...new Set(blocks.map(({ name }) => aisleOf(name).aisle))];
  const perColumn = Math.ceil(aisles.length / count);
  let x = box.x;
  for (let first = 0; first < aisles.length; first += perColumn) {
    const own = new Set(aisles.slice(first, first + perColumn));
    const before = drawing.blocks.length;
    const column = blocks.filter(({ name }) => own.has(aisleOf(name).aisle));
    drawAisles(drawing, { siteId, blocks: column }, { box: { ...box, x }, pitch });
    x = drawing.blocks.slice(before).reduce((most, placed) => Math.max(most, placed.x + placed.width), x) + SITE_GAP;
  }
}

/** One line per aisle, the same number always below the same number. */
function drawAisles(
  drawing: Drawing,
  { siteId, blocks }: Pick<SiteBlocks, "siteId" | "blocks">,
  { box, pitch }: { box: Box; pitch: Pitch },
): void {
  const places = blocks.map((block) => ({ block, ...aisleOf(block.name) }));
  const numbers = [...new Set(places.map(({ number }) => number))].sort((a, b) => Number(a) - Number(b));
  const step = blocks.reduce((most, block) => Math.max(most, extent(block, pitch).width), 0) + pitch.gap;
  const byColumn = numbers.map((): number[] => []);
  let y = box.y + BLOCK_LABEL;
  for (const aisle of new Set(places.map((place) => place.aisle))) {
    const line = places.filter((place) => place.aisle === aisle);
    const first = drawing.blocks.length;
    for (const { block, number } of line) {
      const column = numbers.indexOf(number);
      byColumn[column].push(drawing.blocks.length);
      drawing.blocks.push({ block, x: box.x + AISLE_LABEL + column * step, y, ...extent(block, pitch) });
    }
    const height = line.reduce((most, { block }) => Math.max(most, extent(block, pitch).height), 0);
    const label = { kind: "aisle" as const, text: aisle, siteId, x: box.x, y: y + height / 2 + 4, room: height };
    drawing.labels.push({ ...label, blocks: line.map((_, i) => first + i) });
    y += height + pitch.lineGap;
  }
  numbers.forEach((text, column) => {
    const label = { kind: "column" as const, text, siteId, x: box.x + AISLE_LABEL + column * step, y: box.y + BLOCK_LABEL - 4, room: step };
    drawing.labels.push({ ...label, blocks: byColumn[column] });
  });
}

function extent(block: Block, { cellWidth, cellHeight }: Pick<Pitch, "cellWidth" | "cellHeight">): { width: number; height: number } {
  return { width: block.columns * cellWidth - 1, height: block.rows * cellHeight - 1 };
}

/** Row `B` and number `07` of the rack `B07`. */
function aisleOf(name: string): { aisle: string; number: string } {
  const parts = /^(.*?)(\d+)$/.exec(name);
  return { aisle: (parts?.[1] ?? name).trim(), number: parts?.[2] ?? "" };
}

/** Whether the names of all racks read as rows of several: short, each with a number, no number twice in a row. */
export function hasAisles({ blocks }: SiteBlocks): boolean {
  const places = blocks.map((block) => ({ kind: block.kind, ...aisleOf(block.name) }));
  const aisles = new Set(places.map(({ aisle }) => aisle));
  const isNamed = places.every(({ kind, aisle, number }) => kind === "rack" && number !== "" && aisle !== "" && aisle.length <= 3);
  return isNamed && aisles.size > 1 && new Set(places.map(({ aisle, number }) => `${aisle} ${number}`)).size === places.length;
}

/** Slots of all racks of a site. */
export function placesOf(site: SiteBlocks): number {
  return site.blocks.reduce((sum, block) => sum + block.rows * block.columns, 0);
}
