import type { Page } from "playwright-core";
import type { Figure, FigureTools, Measurements } from "../figure.ts";
import { median, quantile } from "../statistics.ts";
import type { WebStage } from "../webStage.ts";

/** How often the hand moves, and how far. */
const MOVE_MS = 16;
const SCROLL_PX = 120;
const PAN_PX = 12;
/** So many moves one way, then back. */
const TURN_AFTER = 40;
const ZOOM_STEPS = 3;

interface Motion {
  readonly name: string;
  readonly prepare: (page: Page, tools: FigureTools) => Promise<void>;
  readonly move: (page: Page, nth: number) => Promise<void>;
  readonly end: (page: Page) => Promise<void>;
}

/** The 95th percentile of the time between frames while scrolling the table and while panning the map, each against the same motion on a blank page right before it. */
export const frames = (stage: WebStage): Figure => ({ ids: ["frameP95Ratio"], measure: (tools) => measure(stage, tools) });

async function measure(stage: WebStage, tools: FigureTools): Promise<Measurements> {
  const page = await (await stage.browser(tools)).newPage();
  const motions = [scrolling(stage), panning(stage)];
  const rounds = new Map(motions.map(({ name }) => [name, [] as Round[]]));
  for (let round = 0; round < tools.sizes.frameRounds; round++)
    for (const motion of motions) rounds.get(motion.name)?.push(await measureRound(page, motion, tools));
  const results = motions.map(({ name }) => resultOf(name, rounds.get(name) ?? [], tools));
  const worst = results.reduce((a, b) => (b.ratio > a.ratio ? b : a));
  return { frameP95Ratio: { value: worst.ratio, baseline: worst.blankMs, ratio: worst.ratio } };
}

interface Round {
  readonly blank: readonly number[];
  readonly page: readonly number[];
}

function resultOf(name: string, rounds: readonly Round[], { say }: FigureTools): { ratio: number; blankMs: number } {
  const p95 = (gaps: readonly number[]): number => quantile(gaps, 0.95);
  const pairs = rounds.map((round) => ({ page: p95(round.page), blank: p95(round.blank) }));
  const slowest = rounds.map((round) => quantile(round.page, 1).toFixed(0));
  say(
    `${name}: ${pairs.map(({ page, blank }) => `${page.toFixed(1)} / ${blank.toFixed(1)}`).join(", ")} ms; slowest ${slowest.join(", ")} ms`,
  );
  return { ratio: median(pairs.map(({ page, blank }) => page / blank)), blankMs: median(pairs.map(({ blank }) => blank)) };
}

async function measureRound(page: Page, { prepare, move, end }: Motion, tools: FigureTools): Promise<Round> {
  await page.goto("about:blank");
  const blank = await gapsDuring(page, move, tools);
  await end(page);
  await prepare(page, tools);
  const gaps = await gapsDuring(page, move, tools);
  await end(page);
  return { blank, page: gaps };
}

/** Times between frames, ms, while the hand moves. */
async function gapsDuring(page: Page, move: Motion["move"], { sizes, signal }: FigureTools): Promise<number[]> {
  const gaps = page.evaluate(frameGaps, sizes.frameS * 1000);
  const startedMs = performance.now();
  for (let nth = 0; performance.now() - startedMs < sizes.frameS * 1000 && !signal.aborted; nth++) {
    await move(page, nth);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, startedMs + (nth + 1) * MOVE_MS - performance.now())));
  }
  return await gaps;
}

/** In the page. */
function frameGaps(durationMs: number): Promise<number[]> {
  return new Promise((resolve) => {
    const gaps: number[] = [];
    const startedMs = performance.now();
    let lastMs = startedMs;
    const frame = (): void => {
      const nowMs = performance.now();
      gaps.push(nowMs - lastMs);
      lastMs = nowMs;
      if (nowMs - startedMs < durationMs) requestAnimationFrame(frame);
      else resolve(gaps.slice(1)); // the first is the way to the first frame
    };
    requestAnimationFrame(frame);
  });
}

const CENTRE = { x: 720, y: 600 };

function scrolling(stage: WebStage): Motion {
  return {
    name: "scrolling the table",
    prepare: async (page, tools) => {
      await stage.go(page, "/miners", tools);
      await page.mouse.move(CENTRE.x, CENTRE.y);
    },
    move: (page, nth) => page.mouse.wheel(0, SCROLL_PX * directionOf(nth)),
    end: async () => {},
  };
}

/** Zoomed in, as otherwise there is nowhere to pan; with the middle button. */
function panning(stage: WebStage): Motion {
  return {
    name: "panning the map",
    prepare: async (page, tools) => {
      await stage.go(page, "/map", tools);
      for (let step = 0; step < ZOOM_STEPS; step++) await page.getByRole("button", { name: "Zoom in" }).click();
    },
    move: async (page, nth) => {
      if (nth === 0) {
        await page.mouse.move(CENTRE.x, CENTRE.y);
        await page.mouse.down({ button: "middle" });
      }
      const along = PAN_PX * (TURN_AFTER / 2 - Math.abs((nth % (2 * TURN_AFTER)) - TURN_AFTER));
      await page.mouse.move(CENTRE.x + along, CENTRE.y + along / 2);
    },
    end: (page) => page.mouse.up({ button: "middle" }),
  };
}

function directionOf(nth: number): 1 | -1 {
  return nth % (2 * TURN_AFTER) < TURN_AFTER ? 1 : -1;
}
