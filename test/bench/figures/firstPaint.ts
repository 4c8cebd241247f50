import { gzipSync } from "node:zlib";
import type { Figure, FigureTools, Measurements } from "../figure.ts";
import { maxOf, median } from "../statistics.ts";
import { shownOn, type PagePath, type WebStage } from "../webStage.ts";

const PATHS = ["/", "/miners"] as const;

/**
 * The start page and the table, each with a cold cache: from the start of the navigation until the miners are painted, and the script that came
 * until then. The slower page counts, and the larger script.
 */
export const firstPaint = (stage: WebStage): Figure => ({
  ids: ["firstPaintS", "scriptKb"],
  measure: (tools) => measure(stage, tools),
});

async function measure(stage: WebStage, tools: FigureTools): Promise<Measurements> {
  const paints = new Map<PagePath, Paint[]>(PATHS.map((path) => [path, []]));
  for (let round = 0; round < tools.sizes.coldStarts; round++)
    for (const path of PATHS) paints.get(path)?.push(await paintOnce(stage, path, tools));
  const kb = await Promise.all(
    PATHS.map(async (path) => {
      const sizes = await Promise.all((paints.get(path)?.[0]?.scripts ?? []).map(gzipKb));
      return sizes.reduce((sum, size) => sum + size, 0);
    }),
  );
  PATHS.forEach((path, nth) => {
    const times = paints.get(path) ?? [];
    const seconds = (values: readonly number[]): string => values.map((ms) => (ms / 1000).toFixed(2)).join(", ");
    tools.say(
      `${path}: miners after ${seconds(times.map(({ minersMs }) => minersMs))} s, first content after ${seconds(times.map(({ contentMs }) => contentMs))} s; ${kb[nth].toFixed(0)} KB of script in ${times[0].scripts.length} files`,
    );
  });
  const medians = PATHS.map((path) => median((paints.get(path) ?? []).map(({ minersMs }) => minersMs)));
  return { firstPaintS: { value: maxOf(medians) / 1000 }, scriptKb: { value: maxOf(kb) } };
}

interface Paint {
  /** From the start of the navigation, ms. */
  readonly contentMs: number;
  readonly minersMs: number;
  /** Addresses of the scripts that were there by then. */
  readonly scripts: readonly string[];
}

async function paintOnce(stage: WebStage, path: PagePath, tools: FigureTools): Promise<Paint> {
  const { base } = await stage.server(tools);
  const context = await stage.browser(tools);
  const page = await context.newPage();
  await page.addInitScript(watchPaint, shownOn(path));
  await page.goto(base + path, { waitUntil: "commit" });
  const paint = await page.evaluate(() => (window as unknown as { painted: Promise<Paint> }).painted);
  await stage.closeBrowsers();
  return paint;
}

/** In the page, before anything else: `window.painted` resolves after the picture in which the miners are seen. */
function watchPaint(selector: string): void {
  const painted = new Promise<Paint>((resolve) => {
    const look = (): void => {
      const isThere = /\d/.test(document.querySelector<HTMLElement>(selector)?.innerText ?? "");
      if (!isThere) {
        requestAnimationFrame(look);
        return;
      }
      // A frame callback runs before its picture: the next task comes after it.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        const minersMs = performance.now();
        const contentMs = performance.getEntriesByName("first-contentful-paint").at(0)?.startTime ?? minersMs;
        const loaded = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
        const scripts = loaded.filter(({ name, responseEnd }) => name.endsWith(".js") && responseEnd <= minersMs).map(({ name }) => name);
        resolve({ contentMs, minersMs, scripts: [...new Set(scripts)] });
      };
      port2.postMessage(null);
    };
    requestAnimationFrame(look);
  });
  Object.assign(window, { painted });
}

async function gzipKb(address: string): Promise<number> {
  return gzipSync(await (await fetch(address)).bytes()).length / 1000;
}
