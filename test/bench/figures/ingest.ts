import { startChild } from "../child.ts";
import type { Figure, FigureTools, Measurements } from "../figure.ts";
import { median } from "../statistics.ts";
import { temporaryDirectory } from "../../system/program.ts";

const TENTH = 10;

/** The store of a large fleet and of one a tenth its size, in turn, fresh each time; generator and packing run beside the store's own thread. */
export const ingest: Figure = { ids: ["ingestPerS", "scaleRatio"], measure };

async function measure({ sizes, say }: FigureTools): Promise<Measurements> {
  const large: number[] = [];
  const small: number[] = [];
  for (let round = 0; round < sizes.rounds; round++) {
    large.push(await ratePerS(sizes.miners, { samples: sizes.ingestSamples, say }));
    small.push(await ratePerS(sizes.miners / TENTH, { samples: sizes.ingestSamples, say }));
  }
  const ratios = large.map((rate, round) => rate / (small[round] ?? NaN));
  return {
    ingestPerS: { value: median(large) },
    scaleRatio: { value: median(ratios), baseline: median(small), ratio: median(ratios) },
  };
}

async function ratePerS(minerCount: number, { samples, say }: { samples: number; say: (line: string) => void }): Promise<number> {
  const directory = temporaryDirectory();
  const writer = startChild("ingest", [directory.path, minerCount, samples]);
  const told = await writer.next<{ samples: number; seconds: number; sealS: number; cpuS: number }>(300_000);
  await writer.end();
  directory.remove();
  const rate = told.samples / told.seconds;
  const cpu = (told.cpuS / told.samples) * 10_000;
  say(
    `${minerCount} miners: ${rate.toFixed(0)} samples/s, ${cpu.toFixed(3)} CPU-s per 10,000, generator included; last seal ${told.sealS.toFixed(1)} s`,
  );
  return rate;
}
