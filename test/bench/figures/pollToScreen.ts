import { io } from "socket.io-client";
import type { LiveDelta } from "../../../server/contract/live.ts";
import { decodeDelta, decodeSnapshot } from "../../../server/contract/packed.ts";
import type { TestServer } from "../../system/program.ts";
import { hashrateFigure } from "../../../web/format/hashrate.ts";
import type { Figure, FigureTools, Measurements } from "../figure.ts";
import { median, quantile } from "../statistics.ts";
import { pass } from "../wait.ts";
import { ROWS, type WebStage } from "../webStage.ts";

/** Instants travel in steps of 100 ms: a sample may be older by half of that, which counts against the page. */
const INSTANT_STEP_MS = 100;
/** Samples later than this before the end may not have reached the screen yet. */
const WAY_LIMIT_MS = 5000;

/** From the whole reply of a miner to the picture in which its row of the table shows the new hashrate. */
export const pollToScreen = (stage: WebStage): Figure => ({ ids: ["pollToScreenS"], measure: (tools) => measure(stage, tools) });

async function measure(stage: WebStage, tools: FigureTools): Promise<Measurements> {
  const server = await stage.server(tools);
  const page = await stage.page(await stage.browser(tools), "/miners?sort=name", tools);
  const samples = followSamples(server);
  const shown = page.evaluate(watchHashrates, { rows: ROWS, durationMs: tools.sizes.screenS * 1000 });
  await pass(tools.sizes.screenS, tools.signal);
  const ways = waysToScreen(samples.stop(), await shown, Date.now() - WAY_LIMIT_MS);
  if (ways.length === 0) throw new Error("No sample reached the screen");
  const [half, most, slowest] = [median(ways), quantile(ways, 0.95), quantile(ways, 1)].map((ms) => (ms / 1000).toFixed(2));
  tools.say(`${ways.length} samples: median ${half} s, p95 ${most} s, slowest ${slowest} s`);
  return { pollToScreenS: { value: quantile(ways, 0.95) / 1000 } };
}

export interface Sample {
  readonly minerId: string;
  readonly polledAtMs: number;
  /** Its hashrate as the page writes it. */
  readonly text: string;
}

/** What the server tells about each miner, as a second client hears it. */
function followSamples({ base, cookie }: TestServer): { stop(): Sample[] } {
  const samples: Sample[] = [];
  const hashrates = new Map<number, number>();
  let keys: number[] = [];
  const socket = io(`${base}/live`, { transports: ["websocket"], forceNew: true, extraHeaders: { cookie, origin: base } });
  socket.on("connect", () => void socket.emit("subscribe", { scope: {}, columns: [] }));
  socket.on("snapshot", (packed: ArrayBuffer) => {
    const snapshot = decodeSnapshot(new Uint8Array(packed));
    keys = [...snapshot.keys];
    snapshot.values.hashrateHs?.forEach((value, row) => hashrates.set(row, value));
  });
  socket.on("delta", (packed: ArrayBuffer) => {
    const delta = decodeDelta(new Uint8Array(packed));
    keys.push(...delta.addedKeys);
    changesOf(delta, "hashrateHs").forEach(([row, value]) => hashrates.set(row, value));
    for (const [row, polledAtMs] of changesOf(delta, "polledAtMs"))
      samples.push({ minerId: `m${keys[row]}`, polledAtMs, text: hashrateFigure(hashrates.get(row)).text });
  });
  return {
    stop() {
      socket.close();
      return samples;
    },
  };
}

function changesOf({ changes }: LiveDelta, wanted: "hashrateHs" | "polledAtMs"): [row: number, value: number][] {
  return changes
    .filter(({ column }) => column === wanted)
    .flatMap(({ rows, values }) => Array.from(rows, (row, nth): [number, number] => [row, values[nth]]));
}

export interface Showing {
  readonly minerId: string;
  readonly text: string;
  readonly atMs: number;
}

/** In the page: each hashrate that a row in sight came to show, and when it was on the screen. */
function watchHashrates({ rows, durationMs }: { rows: string; durationMs: number }): Promise<Showing[]> {
  const heads = [...document.querySelectorAll<HTMLElement>('[role="columnheader"]')];
  const column = heads.findIndex((head) => head.dataset["field"] === "hashrateHs");
  const held = new Map<string, string>();
  const showings: Showing[] = [];
  const read = (): void => {
    const atMs = Date.now();
    for (const row of document.querySelectorAll<HTMLElement>(rows)) {
      const minerId = row.id.replace("row-", "");
      const text = row.children[column].textContent;
      if (held.get(minerId) !== text && held.has(minerId)) showings.push({ minerId, text, atMs });
      held.set(minerId, text);
    }
  };
  // The second frame after a change comes when the picture of the first is out.
  let isDue = false;
  const observer = new MutationObserver(() => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        isDue = false;
        read();
      }),
    );
  });
  read();
  observer.observe(document.querySelector(rows)?.parentElement ?? document.body, { subtree: true, childList: true, characterData: true });
  return new Promise((resolve) =>
    setTimeout(() => {
      observer.disconnect();
      resolve(showings);
    }, durationMs),
  );
}

/** For each sample that a row in sight had to show anew, the time it took; what never came to be shown took until the end. */
export function waysToScreen(samples: readonly Sample[], showings: readonly Showing[], untilMs: number): number[] {
  const inSight = new Set(showings.map(({ minerId }) => minerId));
  const last = new Map<string, string>();
  return samples.flatMap(({ minerId, polledAtMs, text }) => {
    const before = last.get(minerId);
    last.set(minerId, text);
    if (!inSight.has(minerId) || before === undefined || before === text || polledAtMs > untilMs) return [];
    const sentAtMs = polledAtMs - INSTANT_STEP_MS / 2;
    const showing = showings.find((shown) => shown.minerId === minerId && shown.text === text && shown.atMs >= sentAtMs);
    return [(showing?.atMs ?? untilMs + WAY_LIMIT_MS) - sentAtMs];
  });
}
