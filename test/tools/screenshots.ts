// npm run screenshots: the pictures of the README, from the seeded demo, into web/screenshots/. Each run shows the same fleet with the same lasting
// faults; they are taken once the day behind the demo's start is filled in, and not before its third rack has lost its power.
import { rmSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { FleetFrame, FleetIdentity } from "../../server/contract/api.ts";
import { freePort, startProgram, stopAll, waitFor } from "../system/program.ts";
import { openBrowser, type BrowserOptions } from "../web/browser.ts";

const MINERS = 500;
const SEED = 1;
const FURNISHED_WITHIN_MS = 15 * 60_000;
/** Three minutes after the start a rack loses its power for four, see demoScenario.ts; by now it shows. */
const TROUBLE_AFTER_MS = 225_000;
/** How far back the demo's past reaches at least; it is filled in from now backwards. */
const PAST_MS = 23.8 * 3_600_000;
const FOLDER = fileURLToPath(new URL("../../web/screenshots/", import.meta.url));
const DESK: BrowserOptions = { width: 1440, height: 900 };
const PHONE: BrowserOptions = { width: 390, height: 844, isTouch: true };
/** A miner with a dead hashboard, see demoScenario.ts. */
const BROKEN = "A02-08";

interface Shot {
  readonly name: string;
  readonly path: string;
  readonly colorScheme: "dark" | "light";
  /** Seen once the page is whole. */
  readonly shown: string;
  readonly size?: BrowserOptions;
}

const base = `http://127.0.0.1:${await freePort()}`;
startProgram(["demo", "--miners", String(MINERS), "--seed", String(SEED), "--port", new URL(base).port]);
try {
  const startedMs = Date.now();
  await waitFor(() => isFurnished(startedMs), FURNISHED_WITHIN_MS);
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  for (const shot of await shots()) await take(shot);
} finally {
  await stopAll();
}
for (const file of readdirSync(FOLDER)) console.log(`${(statSync(FOLDER + file).size / 1000).toFixed(0).padStart(4)} KB  ${file}`);
process.exit(0);

async function shots(): Promise<Shot[]> {
  const { id, name } = await get<FleetIdentity>("/fleet/identity");
  const table = '[role="grid"][aria-label="Miners"] [data-position]';
  const map = ".mapfield canvas";
  return [
    { name: "fleet-dark", path: "/", colorScheme: "dark", shown: "main.fleet canvas" },
    { name: "miners-light", path: "/miners?sort=-lostHashrateHs", colorScheme: "light", shown: table },
    { name: "map-dark", path: "/map", colorScheme: "dark", shown: map },
    { name: "map-temperature-light", path: "/map?by=temp", colorScheme: "light", shown: map },
    { name: "machine-dark", path: `/miners/${id[name.indexOf(BROKEN)]}`, colorScheme: "dark", shown: "main.miner canvas" },
    { name: "sites-light", path: "/sites", colorScheme: "light", shown: "main table" },
    { name: "settings-dark", path: "/settings?part=data", colorScheme: "dark", shown: "main .panel" },
    { name: "phone-dark", path: "/miners?status=degraded,notHashing,unreachable", colorScheme: "dark", shown: ".card", size: PHONE },
  ];
}

async function take({ name, path, colorScheme, shown, size = DESK }: Shot): Promise<void> {
  const browser = await openBrowser({ ...size, colorScheme });
  try {
    const page = await browser.newPage();
    await page.goto(base + path, { waitUntil: "networkidle" });
    await page.locator(shown).first().waitFor();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await page.screenshot({ path: `${FOLDER}${name}.png`, animations: "disabled" });
  } finally {
    await browser.close();
  }
}

/** The day before is there, and the trouble. */
async function isFurnished(startedMs: number): Promise<boolean> {
  if (Date.now() < startedMs + TROUBLE_AFTER_MS) return false;
  try {
    const { minerIds } = await get<FleetFrame>(`/fleet/frame?atMs=${Math.round(startedMs - PAST_MS)}`);
    return minerIds.length === MINERS;
  } catch {
    return false; // no such minute so far
  }
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(`${base}/api/v1${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as T;
}
