import type { Page } from "playwright-core";
import type { Figure, FigureTools, Measurements } from "../figure.ts";
import { median, quantile } from "../statistics.ts";
import { ROWS, type WebStage } from "../webStage.ts";

interface Interaction {
  readonly name: string;
  /** In the page: what the interaction changes. It is seen when this is another text, and not an empty one. */
  readonly reading: () => string;
  readonly act: (page: Page) => Promise<void>;
}

const countText = (): string => document.querySelector('[aria-label="Filter"] [role="status"]')?.textContent ?? "";
const firstRows = (): string =>
  Array.from({ length: 10 }, (_, position) => document.querySelector(`[data-position="${position}"]`)?.id ?? "")
    .join(" ")
    .trim();
const selectedRows = (): string => `${document.querySelectorAll('[data-position][aria-selected="true"]').length} selected`;
const machine = (): string =>
  document.querySelector('main.miner [aria-label="Hashboards"]') === null ? "" : (document.querySelector("h1")?.textContent ?? "");
const table = (): string => (document.querySelector("[data-position]") === null ? "" : "the table");

const INTERACTIONS: readonly Interaction[] = [
  { name: "searching", reading: countText, act: (page) => page.getByRole("searchbox", { name: "Search miners" }).press("9") },
  {
    name: "ending the search",
    reading: countText,
    act: (page) => page.getByRole("searchbox", { name: "Search miners" }).press("Backspace"),
  },
  { name: "sorting by a live value", reading: firstRows, act: (page) => head(page, "chipTempCMax").click() },
  { name: "sorting by a text", reading: firstRows, act: (page) => head(page, "model").click() },
  { name: "filtering by status", reading: countText, act: (page) => page.locator(".counts a", { hasText: "Degraded" }).click() },
  { name: "ending the filter", reading: countText, act: (page) => page.getByRole("button", { name: /^Remove the condition/ }).click() },
  {
    name: "selecting a row",
    reading: selectedRows,
    act: (page) =>
      page
        .locator(ROWS)
        .nth(4)
        .click({ position: { x: 420, y: 10 } }),
  },
  {
    name: "selecting all that match",
    reading: selectedRows,
    act: (page) => page.getByRole("checkbox", { name: "Select all that match" }).click(),
  },
  { name: "selecting none", reading: selectedRows, act: (page) => page.getByRole("checkbox", { name: "Select all that match" }).click() },
  { name: "opening a machine page", reading: machine, act: (page) => page.locator(`${ROWS} a`).nth(3).click() },
  {
    name: "returning to the table",
    reading: table,
    act: (page) => page.locator("header nav").getByRole("link", { name: "Miners" }).click(),
  },
];

/** From an input to the picture that shows its effect, for the slowest of the interactions; each many times, during live updates. */
export const interactions = (stage: WebStage): Figure => ({ ids: ["interactionMs"], measure: (tools) => measure(stage, tools) });

async function measure(stage: WebStage, tools: FigureTools): Promise<Measurements> {
  const page = await stage.page(await stage.browser(tools), "/miners?sort=name", tools);
  const times = new Map(INTERACTIONS.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < tools.sizes.repeats && !tools.signal.aborted; round++)
    for (const interaction of INTERACTIONS) times.get(interaction.name)?.push(await timeOf(page, interaction));
  const results = [...times].map(([name, values]) => ({
    name,
    p95: quantile(values, 0.95),
    middle: median(values),
    slowest: quantile(values, 1),
  }));
  for (const { name, p95, middle, slowest } of results)
    tools.say(`${name}: median ${middle.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, slowest ${slowest.toFixed(0)} ms`);
  const worst = results.reduce((a, b) => (b.p95 > a.p95 ? b : a));
  tools.say(`the slowest: ${worst.name}`);
  return { interactionMs: { value: worst.p95 } };
}

const EFFECT_LIMIT_MS = 10_000;

async function timeOf(page: Page, { name, reading, act }: Interaction): Promise<number> {
  const taken = page.evaluate<number | null>(`(${whenSeen.toString()})(${reading.toString()}, ${EFFECT_LIMIT_MS})`);
  await act(page);
  const ms = await taken;
  if (ms === null) throw new Error(`No effect of ${name} was seen within ${EFFECT_LIMIT_MS} ms`);
  return ms;
}

/** In the page: from the last input, as the browser dates it, until a picture with its effect is out; null when none comes. */
function whenSeen(reading: () => string, limitMs: number): Promise<number | null> {
  const before = reading();
  const startedMs = performance.now();
  let inputMs: number | null = null;
  const input = (event: Event): void => void (inputMs = event.timeStamp);
  for (const kind of ["click", "keydown"]) window.addEventListener(kind, input, { capture: true });
  return new Promise((resolve) => {
    const end = (ms: number | null): void => {
      for (const kind of ["click", "keydown"]) window.removeEventListener(kind, input, { capture: true });
      resolve(ms);
    };
    const look = (): void => {
      const now = reading();
      if (inputMs !== null && now !== "" && now !== before) {
        // A frame callback runs before its picture: the next task comes after it.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => end(performance.now() - (inputMs ?? 0));
        port2.postMessage(null);
      } else if (performance.now() - startedMs > limitMs) end(null);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

function head(page: Page, field: string) {
  return page.locator(`[role="columnheader"][data-field="${field}"] > button`);
}
