// npm run bench [-- --only ID[,ID…]] [--compare FILE] [--quick]: one JSON line per figure on stdout, facts on stderr, a table at the end on stderr.
// --quick measures at sizes that end within two minutes or so and guard against blunders only.
import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { lineOf, musts, type Figure, type Line, type Measurements } from "./figure.ts";
import { endChildren } from "./child.ts";
import { figures } from "./figures.ts";
import { loadNow } from "./processes.ts";
import { FULL, QUICK } from "./sizes.ts";
import { stopAll } from "../system/program.ts";

const BENCH_LIMIT_MS = 14 * 60_000;

const { values } = parseArgs({ options: { only: { type: "string" }, compare: { type: "string" }, quick: { type: "boolean" } } });
const sizes = values.quick === true ? QUICK : FULL;
const wanted = values.only?.split(",") ?? null;
for (const id of wanted ?? []) {
  if (!Object.hasOwn(musts, id)) {
    console.error(`No figure "${id}"; one of ${Object.keys(musts).join(", ")}`);
    process.exit(2);
  }
}

const controller = new AbortController();
const timer = setTimeout(() => controller.abort(), BENCH_LIMIT_MS);
const say = (line: string) => console.error(line);
say(`${cpus().length} × ${cpus()[0]?.model ?? "unknown CPU"}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`);

const measured = new Map<string, Measurements[string]>();
for (const figure of figures) {
  if (wanted !== null && !figure.ids.some((id) => wanted.includes(id))) continue;
  if (controller.signal.aborted) break;
  for (const [id, value] of Object.entries(await measureOne(figure))) measured.set(id, value);
}
clearTimeout(timer);

const lines = Object.entries(musts)
  .filter(([, must]) => !must.web)
  .map(([id]) => lineOf(id, measured.get(id)));
for (const line of lines) process.stdout.write(`${JSON.stringify(line)}\n`);
printTable(lines, values.compare === undefined ? new Map() : readLines(values.compare));
process.exit(0);

/** A figure that fails is reported as not measured, with the reason on stderr; the others go on. */
async function measureOne(figure: Figure): Promise<Measurements> {
  say(`— ${figure.ids.join(", ")}`);
  const startedMs = Date.now();
  const ended = new Promise<never>((_, reject) =>
    controller.signal.addEventListener("abort", () => reject(new Error("the bench's time is over")), { once: true }),
  );
  try {
    return await Promise.race([figure.measure({ sizes, say: (line) => say(`  ${line}`), signal: controller.signal }), ended]);
  } catch (error) {
    say(`  not measured: ${error instanceof Error ? error.message : String(error)}`);
    return {};
  } finally {
    await Promise.all([stopAll(), endChildren()]);
    say(`  ${((Date.now() - startedMs) / 1000).toFixed(0)} s, load ${loadNow()}`);
  }
}

function readLines(path: string): Map<string, Line> {
  const rows = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line);
  return new Map(rows.map((line) => [line.id, line]));
}

function printTable(rows: readonly Line[], earlier: ReadonlyMap<string, Line>): void {
  const cell = (value: number | null) => (value === null ? "–" : String(value));
  say("");
  say(["figure".padEnd(18), "value".padStart(10), "must".padStart(10), "stretch".padStart(10), "earlier".padStart(10), "  holds"].join(""));
  for (const row of rows) {
    const before = cell(earlier.get(row.id)?.value ?? null);
    say(
      [
        row.id.padEnd(18),
        cell(row.value).padStart(10),
        cell(row.must).padStart(10),
        cell(row.stretch).padStart(10),
        before.padStart(10),
        row.holds ? "  yes" : "  no",
        `  ${row.unit}`,
      ].join(""),
    );
  }
}
