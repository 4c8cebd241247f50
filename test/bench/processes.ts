import { readFileSync } from "node:fs";
import { processUse } from "../system/program.ts";
import { maxOf } from "./statistics.ts";

const SAMPLE_MS = 1000;

/** Watches a process from now on: share of a core, and the most memory that was resident at any second. */
export function watchProcess(pid: number): { stop(): { cores: number; cpuS: number; peakMb: number } } {
  const startedMs = performance.now();
  const before = processUse(pid).cpuS;
  const resident = [processUse(pid).rssMb];
  const timer = setInterval(() => resident.push(processUse(pid).rssMb), SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      const after = processUse(pid);
      const cpuS = after.cpuS - before;
      return { cores: cpuS / ((performance.now() - startedMs) / 1000), cpuS, peakMb: maxOf([...resident, after.rssMb]) };
    },
  };
}

/** CPU seconds of a process's main thread alone: what its other threads do meanwhile does not blur a small difference. */
export function mainThreadCpuS(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/task/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** What the machine did besides: the load that a figure was measured under. */
export function loadNow(): string {
  return readFileSync("/proc/loadavg", "utf8").split(" ").slice(0, 3).join(" ");
}
