import type { CDPSession } from "playwright-core";
import type { Figure, FigureTools, Measurements } from "../figure.ts";
import { maxOf } from "../statistics.ts";
import { pass } from "../wait.ts";
import type { WebStage } from "../webStage.ts";

const PATHS = ["/", "/miners", "/map"] as const;

/** How the heap after collection grows while the start page, the table and the map are left open side by side; the one that grows most. */
export const heap = (stage: WebStage): Figure => ({ ids: ["heapGrowth"], measure: (tools) => measure(stage, tools) });

async function measure(stage: WebStage, tools: FigureTools): Promise<Measurements> {
  const { sizes, say, signal } = tools;
  const context = await stage.browser(tools);
  const sessions: CDPSession[] = [];
  for (const path of PATHS) sessions.push(await context.newCDPSession(await stage.page(context, path, tools)));
  await pass(sizes.heapFromS, signal);
  const before = await Promise.all(sessions.map(heapMb));
  await pass(sizes.heapToS - sizes.heapFromS, signal);
  const after = await Promise.all(sessions.map(heapMb));
  const growths = after.map((mb, nth) => mb / before[nth] - 1);
  PATHS.forEach((path, nth) => say(`${path}: ${before[nth].toFixed(2)} MB, then ${after[nth].toFixed(2)} MB`));
  return { heapGrowth: { value: maxOf(growths) } };
}

/** What a page holds once all garbage is gone. */
async function heapMb(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.collectGarbage"); // what finalizers of the first have let go
  return (await session.send("Runtime.getHeapUsage")).usedSize / 1e6;
}
