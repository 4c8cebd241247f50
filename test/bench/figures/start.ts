import type { Figure, FigureTools, Measurements } from "../figure.ts";
import { freePort, startProgram, temporaryDirectory } from "../../system/program.ts";
import { median } from "../statistics.ts";
import { pass } from "../wait.ts";

const ASK_EVERY_S = 0.02;
const LIMIT_MS = 60_000;

/** From starting the built program on an empty data directory to the first page over HTTP. */
export const start: Figure = { ids: ["startS"], measure };

async function measure({ sizes, say }: FigureTools): Promise<Measurements> {
  const times: number[] = [];
  for (let round = 0; round < sizes.rounds; round++) times.push(await startOnce());
  say(`starts ${times.map((time) => time.toFixed(2)).join(", ")} s`);
  return { startS: { value: median(times) } };
}

async function startOnce(): Promise<number> {
  const directory = temporaryDirectory();
  const port = await freePort();
  const startedMs = performance.now();
  const program = startProgram(["server", "--data-dir", directory.path, "--port", String(port), "--log-level", "warn"]);
  while (!(await hasPage(port))) {
    if (performance.now() - startedMs > LIMIT_MS) throw new Error(`No page after ${LIMIT_MS} ms: ${program.stderr().slice(-300)}`);
    await pass(ASK_EVERY_S);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  await program.stop();
  directory.remove();
  return seconds;
}

async function hasPage(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/`);
    return response.ok && (await response.text()).includes("<script");
  } catch {
    return false; // not listening yet
  }
}
