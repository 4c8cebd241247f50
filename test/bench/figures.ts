import type { Figure } from "./figure.ts";
import { agentAlone } from "./figures/agentAlone.ts";
import { bytes } from "./figures/bytes.ts";
import { healthyGap } from "./figures/healthyGap.ts";
import { ingest } from "./figures/ingest.ts";
import { pollCpu } from "./figures/pollCpu.ts";
import { scan } from "./figures/scan.ts";
import { served } from "./figures/served.ts";
import { start } from "./figures/start.ts";
import { sweep } from "./figures/sweep.ts";
import { system } from "./figures/system.ts";

/** In the order in which they run. */
export const figures: readonly Figure[] = [start, pollCpu, sweep, scan, bytes, ingest, agentAlone, system, served, healthyGap];
