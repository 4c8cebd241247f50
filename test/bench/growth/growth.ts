import { writeFileSync } from "node:fs";
import { loadNow } from "../processes.ts";
import { grow } from "./measure.ts";
import { plotOf } from "./plot.ts";
import { STEPS, type Grown, type Step } from "./steps.ts";

interface GrowthTools {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly afterEach: () => Promise<unknown>;
}

/** Measures fleet after fleet, one JSON line each on stdout, and draws them as an SVG into `path`. Resolves with the steps that could not be measured. */
export async function measureGrowth(path: string, { say, signal, afterEach }: GrowthTools): Promise<Step[]> {
  const grown: Grown[] = [];
  const missing: Step[] = [];
  for (const step of STEPS) {
    say(`— ${step.miners} miners every ${step.intervalS} s`);
    try {
      const one = await grow(step, { signal });
      grown.push(one);
      process.stdout.write(`${JSON.stringify(one)}\n`);
    } catch (error) {
      missing.push(step);
      say(`  not measured: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await afterEach();
      say(`  load ${loadNow()}`);
    }
  }
  if (grown.length > 1) writeFileSync(path, plotOf(grown));
  return missing;
}
