import type { BrowserContext, Page } from "playwright-core";
import type { FleetTotals } from "../../server/contract/api.ts";
import { startServer, stopAll, temporaryDirectory, waitFor, type TestServer } from "../system/program.ts";
import { openBrowser, type TestBrowser } from "../web/browser.ts";
import { startEmulated } from "./emulated.ts";
import type { FigureTools } from "./figure.ts";
import { pass } from "./wait.ts";

const ADDRESS = "127.67.0.1";
const FOUND_LIMIT_MS = 240_000;
/** Less than the whole: on a machine that is too busy some sample is always older than two intervals. */
const REPORTING_SHARE = 0.99;
/** Every poll is in its place of the interval. */
const SETTLE_S = 15;
/** One miner in so many has lost a board: there is something to filter by and to put first. */
const FAULTY_ONE_IN = 50;

/** What all figures of the page share: the real server, which polls the emulated fleet, and browsers that are signed in to it. */
export class WebStage {
  #server: Promise<TestServer> | null = null;
  #browsers: TestBrowser[] = [];
  readonly #directory = temporaryDirectory();

  /** The server, once nearly all miners report; started by the first figure that asks. */
  server(tools: FigureTools): Promise<TestServer> {
    this.#server ??= this.#start(tools);
    return this.#server;
  }

  /** A browser with an empty profile, signed in. */
  async browser(tools: FigureTools): Promise<BrowserContext> {
    const server = await this.server(tools);
    const browser = await openBrowser();
    this.#browsers.push(browser);
    const [name = "", value = ""] = server.cookie.split("=");
    await browser.context.addCookies([{ name, value, url: server.base }]);
    // tsx wraps named functions in a helper, which those that go into the page would miss there.
    await browser.context.addInitScript("globalThis.__name = (named) => named");
    return browser.context;
  }

  /** A page of a signed-in browser at this path, once it shows the miners. */
  async page(context: BrowserContext, path: PagePath, tools: FigureTools): Promise<Page> {
    const page = await context.newPage();
    await this.go(page, path, tools);
    return page;
  }

  async go(page: Page, path: PagePath, tools: FigureTools): Promise<void> {
    await page.goto(`${(await this.server(tools)).base}${path}`);
    await page.locator(SHOWN[path]).first().waitFor();
  }

  async closeBrowsers(): Promise<void> {
    await Promise.all(this.#browsers.splice(0).map((browser) => browser.close()));
  }

  async close(): Promise<void> {
    await this.closeBrowsers();
    await stopAll();
    this.#directory.remove();
  }

  async #start({ sizes, say, signal }: FigureTools): Promise<TestServer> {
    const startedMs = performance.now();
    const fleet = await startEmulated(sizes.miners, ADDRESS);
    const faulty = Array.from({ length: Math.floor(sizes.miners / FAULTY_ONE_IN) }, (_, nth) => nth * FAULTY_ONE_IN);
    fleet.inject({ miners: faulty, fault: "deadBoard" });
    const server = await startServer(this.#directory.path, ["--ranges", fleet.range, "--log-level", "warn"]);
    await waitFor(async () => (await server.get<FleetTotals>("/fleet")).reportingCount >= REPORTING_SHARE * sizes.miners, FOUND_LIMIT_MS);
    await pass(SETTLE_S, signal);
    say(`${sizes.miners} miners found and reporting after ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
    return server;
  }
}

/** The rows of the table, without its head. */
export const ROWS = '[role="grid"][aria-label="Miners"] [data-position]';

/** What a page shows once the miners are there. */
const SHOWN = {
  "/": 'main.fleet [aria-label="Costing the most now"] tbody tr',
  "/miners": ROWS,
  "/miners?sort=name": ROWS,
  "/map": ".mapfield canvas",
} as const;
export type PagePath = keyof typeof SHOWN;

/** A selector of what a page shows once the miners are there. */
export function shownOn(path: PagePath): string {
  return SHOWN[path];
}
