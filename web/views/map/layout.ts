import type { Block, SiteBlocks } from "./blocks.ts";
import { largestThatFits } from "./fit.ts";

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

/** Where every miner is drawn. One cell per miner, numbered site by site and block by block. */
export interface MapLayout {
  readonly width: number;
  readonly height: number;
  /** From one cell to the next; a pixel of it is the gap. */
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly blocks: readonly PlacedBlock[];
  readonly labels: readonly MapLabel[];
  readonly cellCount: number;
  /** By cell: row of the fleet, left and upper edge, number of the block. */
  readonly rowOfCell: Int32Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly blockOfCell: Int32Array;
  /** By row of the fleet, -1 where a row has no cell. */
  readonly cellOfRow: Int32Array;
}

export interface Viewport {
  readonly width: number;
  readonly height: number;
  /** Smaller cells are not legible: the map grows beyond the viewport instead. */
  readonly minPitch: number;
  readonly maxPitch: number;
}

interface Pitch {
  readonly cellWidth: number;
  readonly cellHeight: number;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

interface Drawing {
  readonly blocks: Omit<PlacedBlock, "firstCell" | "cellCount">[];
  readonly labels: MapLabel[];
  /** A site is wider than its share, and may lie over the next. */
  isTooWide: boolean;
}

/** How a site arranges its blocks: as they fit, or by aisle, as the names of racks say (row A, racks 01 to 12), in so many columns of aisles. */
type Arrangement = "flow" | { readonly aisleColumns: number };

const MARGIN = 12;
const SITE_GAP = 24;
const SITE_HEADER = 24;
const BLOCK_LABEL = 14;
const BLOCK_GAP = 6;
const AISLE_LABEL = 18;
const STRIP_GAP = 10;
const AISLE_COLUMNS_MAX = 4;
/** Cells that are this many times wider than high, or higher than wide, are as good as square ones of their area. */
const STRETCH = 1.7;
/** What is left over of the screen may make them longer still. */
const FILLING_STRETCH = 2.4;
/** Aisles say more than a flow of racks: they may cost this share of the size of a cell. */
const AISLES_WORTH = 0.7;

/**
 * The largest cells with which all sites fit the viewport, side by side or in several strips; never smaller than legible, and then the map is
 * larger than the viewport. Pure, and made once per change of who stands where.
 */
export function layoutMap(sites: readonly SiteBlocks[], viewport: Viewport): MapLayout {
  const best = bestPlan(sites, viewport);
  const pitch = pitchOf(best, viewport, FILLING_STRETCH);
  const drawing = draw(best.strips, { width: viewport.width, arrangement: best.arrangement, pitch });
  return numbered(drawing, { pitch, width: viewport.width });
}

interface Plan {
  readonly strips: readonly (readonly SiteBlocks[])[];
  readonly arrangement: Arrangement;
}

function bestPlan(sites: readonly SiteBlocks[], viewport: Viewport): Plan {
  let best: Plan & { score: number } = { strips: [sites], arrangement: "flow", score: -1 };
  const aisles = Array.from({ length: AISLE_COLUMNS_MAX }, (_, more) => ({ aisleColumns: more + 1 }));
  const arrangements: Arrangement[] = sites.every(hasAisles) ? ["flow", ...aisles] : ["flow"];
  for (const strips of stripChoices(sites)) {
    for (const arrangement of arrangements) {
      const { cellWidth, cellHeight } = pitchOf({ strips, arrangement }, viewport, STRETCH);
      const score = Math.sqrt(cellWidth * cellHeight) * (arrangement === "flow" ? AISLES_WORTH : 1);
      if (score > best.score) best = { strips, arrangement, score };
    }
  }
  return best;
}

const square = (pitch: number): Pitch => ({ cellWidth: pitch, cellHeight: pitch });

/** All sites beside each other, or in up to four strips of about the same count of miners. */
function stripChoices(sites: readonly SiteBlocks[]): SiteBlocks[][][] {
  return Array.from({ length: Math.min(4, Math.max(1, sites.length)) }, (_, more) => inStrips(sites, more + 1));
}

function inStrips(sites: readonly SiteBlocks[], count: number): SiteBlocks[][] {
  const total = sites.reduce((sum, site) => sum + placesOf(site), 0);
  const strips: SiteBlocks[][] = [[]];
  let before = 0;
  for (const site of sites) {
    const isFull = before >= (strips.length * total) / count && strips.length < count;
    if (isFull && (strips.at(-1)?.length ?? 0) > 0) strips.push([]);
    strips.at(-1)?.push(site);
    before += placesOf(site);
  }
  return strips;
}

function placesOf(site: SiteBlocks): number {
  return site.blocks.reduce((sum, block) => sum + block.rows * block.columns, 0);
}

/** The largest square cell that fits, then stretched along what is left over. */
function pitchOf({ strips, arrangement }: Plan, { width, height, minPitch, maxPitch }: Viewport, stretch: number): Pitch {
  const fits = (pitch: Pitch): boolean => {
    const drawing = draw(strips, { width, arrangement, pitch });
    const size = sizeOf(drawing);
    return !drawing.isTooWide && size.width <= width && size.height <= height;
  };
  const side = largestThatFits({ least: minPitch, most: maxPitch }, (pitch) => fits(square(pitch)));
  const most = Math.min(maxPitch, side * stretch);
  const wide = largestThatFits({ least: side, most }, (cellWidth) => fits({ cellWidth, cellHeight: side }));
  const high = largestThatFits({ least: side, most }, (cellHeight) => fits({ cellWidth: wide, cellHeight }));
  return { cellWidth: wide, cellHeight: high };
}

function sizeOf({ blocks }: Pick<Drawing, "blocks">): { width: number; height: number } {
  return {
    width: blocks.reduce((most, { x, width }) => Math.max(most, x + width), 0) + MARGIN,
    height: blocks.reduce((most, { y, height }) => Math.max(most, y + height), 0) + MARGIN,
  };
}

function draw(strips: Plan["strips"], { width, arrangement, pitch }: { width: number; arrangement: Arrangement; pitch: Pitch }): Drawing {
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
    if (x > box.x && x + width > box.x + box.width) [x, y, lineHeight] = [box.x, y + lineHeight + BLOCK_GAP, 0];
    const label = { kind: "block" as const, text: block.name, siteId: block.siteId, x, y: y + BLOCK_LABEL - 4, room: width };
    drawing.labels.push({ ...label, blocks: [drawing.blocks.length] });
    drawing.blocks.push({ block, x, y: y + BLOCK_LABEL, width, height });
    x += width + BLOCK_GAP;
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
  const step = blocks.reduce((most, block) => Math.max(most, extent(block, pitch).width), 0) + BLOCK_GAP;
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
    y += height + BLOCK_GAP;
  }
  numbers.forEach((text, column) => {
    const label = { kind: "column" as const, text, siteId, x: box.x + AISLE_LABEL + column * step, y: box.y + BLOCK_LABEL - 4, room: step };
    drawing.labels.push({ ...label, blocks: byColumn[column] });
  });
}

function extent(block: Block, { cellWidth, cellHeight }: Pitch): { width: number; height: number } {
  return { width: block.columns * cellWidth - 1, height: block.rows * cellHeight - 1 };
}

/** Row `B` and number `07` of the rack `B07`. */
function aisleOf(name: string): { aisle: string; number: string } {
  const parts = /^(.*?)(\d+)$/.exec(name);
  return { aisle: (parts?.[1] ?? name).trim(), number: parts?.[2] ?? "" };
}

/** Whether the names of all racks read as rows of several: short, each with a number, no number twice in a row. */
function hasAisles({ blocks }: SiteBlocks): boolean {
  const places = blocks.map((block) => ({ kind: block.kind, ...aisleOf(block.name) }));
  const aisles = new Set(places.map(({ aisle }) => aisle));
  const isNamed = places.every(({ kind, aisle, number }) => kind === "rack" && number !== "" && aisle !== "" && aisle.length <= 3);
  return isNamed && aisles.size > 1 && new Set(places.map(({ aisle, number }) => `${aisle} ${number}`)).size === places.length;
}

/** Gives every miner of the drawing its cell. */
function numbered(drawing: Drawing, { pitch, width }: { pitch: Pitch; width: number }): MapLayout {
  const { cellWidth, cellHeight } = pitch;
  const rowOfCell: number[] = [];
  const [xs, ys, blockOfCell]: [number[], number[], number[]] = [[], [], []];
  const blocks = drawing.blocks.map((placed, number) => {
    const firstCell = rowOfCell.length;
    placed.block.rowAt.forEach((row, place) => {
      if (row === -1) return;
      rowOfCell.push(row);
      xs.push(placed.x + (place % placed.block.columns) * cellWidth);
      ys.push(placed.y + Math.floor(place / placed.block.columns) * cellHeight);
      blockOfCell.push(number);
    });
    return { ...placed, firstCell, cellCount: rowOfCell.length - firstCell };
  });
  const cellOfRow = new Int32Array(rowOfCell.reduce((most, row) => Math.max(most, row), -1) + 1).fill(-1);
  rowOfCell.forEach((row, cell) => (cellOfRow[row] = cell));
  const size = sizeOf(drawing);
  return {
    ...{ width: Math.max(width, size.width), height: size.height, cellWidth, cellHeight, blocks, labels: drawing.labels },
    cellCount: rowOfCell.length,
    rowOfCell: Int32Array.from(rowOfCell),
    x: Float32Array.from(xs),
    y: Float32Array.from(ys),
    blockOfCell: Int32Array.from(blockOfCell),
    cellOfRow,
  };
}
