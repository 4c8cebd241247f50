import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { blunders, lineOf, musts, type Figure, type Line, type Measurements } from "./figure.ts";
import { loadNow } from "./processes.ts";
import { FULL, QUICK, type Sizes } from "./sizes.ts";

const BENCH_LIMIT_MS = 14 * 60_000;

interface Bench {
  /** Which rows of musts.json get a line: those measured in a browser, or all others. */
  readonly web: boolean;
  /** In the order in which they run. */
  readonly figures: readonly Figure[];
  /** Ends what a figure left running. */
  readonly afterEach: () => Promise<unknown>;
  readonly atEnd?: () => Promise<unknown>;
  /** What `--growth FILE` runs instead of the figures; resolves with what could not be measured. */
  readonly growth?: (path: string, tools: { say: typeof say; signal: AbortSignal }) => Promise<readonly unknown[]>;
}

/**
 * Measures the figures of a bench as its command line says: `--only ID[,ID…]`, `--compare FILE`, `--quick` for sizes that end within two minutes or
 * so and guard against blunders only, `--guard` to fail on such a blunder, `--long` for the one that watches for half an hour; `--growth FILE` for fleets of growing size instead.
 *
 * One JSON line per figure on stdout, measured or not; facts, and a table at the end, on stderr. Resolves with the exit code.
 */
export async function runBench({ web, figures, afterEach, atEnd, growth }: Bench): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      compare: { type: "string" },
      quick: { type: "boolean" },
      guard: { type: "boolean" },
      long: { type: "boolean" },
      growth: { type: "string" },
    },
  });
  const sizes: Sizes = { ...(values.quick === true ? QUICK : FULL), ...(values.long === true ? { heapToS: 32 * 60 } : {}) };
  const ids = Object.keys(musts).filter((id) => musts[id].web === web);
  const wanted = wantedIds(values.only, ids);
  const controller = new AbortController();
  const limitMs = BENCH_LIMIT_MS + (values.long === true ? (sizes.heapToS - FULL.heapToS) * 1000 : 0);
  const timer = setTimeout(() => controller.abort(), limitMs);
  say(`${cpus().length} × ${cpus()[0]?.model ?? "unknown CPU"}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`);
  if (growth !== undefined && values.growth !== undefined)
    return (await growth(values.growth, { say, signal: controller.signal })).length === 0 ? 0 : 1;

  const measured = new Map<string, Measurements[string]>();
  for (const figure of figures) {
    if (!figure.ids.some((id) => wanted.includes(id))) continue;
    if (controller.signal.aborted) break;
    for (const [id, value] of Object.entries(await measureOne(figure, { sizes, signal: controller.signal, afterEach })))
      measured.set(id, value);
  }
  clearTimeout(timer);
  await atEnd?.();

  const lines = ids.map((id) => lineOf(id, measured.get(id)));
  for (const line of lines) process.stdout.write(`${JSON.stringify(line)}\n`);
  printTable(lines, values.compare === undefined ? new Map() : readLines(values.compare));
  const found = values.guard === true ? blunders(lines.filter(({ id }) => wanted.includes(id))) : [];
  for (const blunder of found) say(blunder);
  return found.length === 0 ? 0 : 1;
}

function say(line: string): void {
  console.error(line);
}

function wantedIds(only: string | undefined, ids: readonly string[]): readonly string[] {
  const wanted = only?.split(",") ?? ids;
  const unknown = wanted.find((id) => !ids.includes(id));
  if (unknown === undefined) return wanted;
  say(`No figure "${unknown}"; one of ${ids.join(", ")}`);
  process.exit(2);
}

interface MeasureOptions {
  readonly sizes: Sizes;
  readonly signal: AbortSignal;
  readonly afterEach: Bench["afterEach"];
}

/** A figure that fails is reported as not measured, with the reason on stderr; the others go on. */
async function measureOne(figure: Figure, { sizes, signal, afterEach }: MeasureOptions): Promise<Measurements> {
  say(`— ${figure.ids.join(", ")}`);
  const startedMs = Date.now();
  const ended = new Promise<never>((_, reject) =>
    signal.addEventListener("abort", () => reject(new Error("the bench's time is over")), { once: true }),
  );
  try {
    return await Promise.race([figure.measure({ sizes, say: (line) => say(`  ${line}`), signal }), ended]);
  } catch (error) {
    say(`  not measured: ${error instanceof Error ? error.message : String(error)}`);
    return {};
  } finally {
    await afterEach();
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
