// feeder.ts URL CODE MINERS OFFSET_MS: an agent's half of the link that polls nobody: enrols, tells who the miners are, and then sends each one's sample every
// 10 s in frames four times a second. Tells {fed} once each miner had a sample.
import type { FrameEntry } from "../../../server/contract/agentLink.ts";
import { FakeAgent, stats } from "../../server/ingest/fakeAgent.ts";
import { onWord, tell } from "../child.ts";
import { addressAfter } from "../emulated.ts";
import { sampleOf } from "../generated.ts";
import { Fleet } from "../samples.mjs";

const INTERVAL_MS = 10_000;
const FRAME_MS = 250;
const FRAMES = INTERVAL_MS / FRAME_MS;
const FRAMES_PER_STATS = 10;
const PORT = 4028;

const [url = "", code = "", miners, offsetMs] = process.argv.slice(2);
const minerCount = Number(miners);
const fleet = new Fleet(minerCount);
const nowMs = (): number => Date.now() + Number(offsetMs);
onWord(() => undefined);
const agent = await connect();
const startMs = Date.now();
let seq = 0;
tick();

async function connect(): Promise<FakeAgent> {
  const port = Number(new URL(url).port);
  const program = { contract: 1, program: "hashwatch bench", hostname: "bench" };
  const first = await new FakeAgent(port).open();
  first.say({ type: "enrol", ...program, code } as never);
  const { agentId, key } = await first.next("enrolled");
  first.close();
  const linked = new FakeAgent(port);
  await linked.hello({ ...program, agentId, key, agentNowMs: nowMs(), pollIntervalMs: INTERVAL_MS });
  return linked;
}

/** One fortieth of the fleet; a tick that comes late is made up for. */
function tick(): void {
  const slice = seq % FRAMES;
  if (slice === 0) fleet.step(INTERVAL_MS / 1000);
  const isFirst = seq < FRAMES;
  const entries: FrameEntry[] = [];
  for (let index = slice; index < minerCount; index += FRAMES) entries.push(...entriesOf(index, isFirst));
  agent.frame(seq++, entries);
  agent.heard.length = 0;
  if (seq === FRAMES) tell({ fed: minerCount });
  if (seq % FRAMES_PER_STATS === 0)
    agent.say({ type: "stats", stats: stats({ agentNowMs: nowMs(), minerCount, pollIntervalMs: INTERVAL_MS }) });
  setTimeout(tick, Math.max(0, startMs + seq * FRAME_MS - Date.now()));
}

function entriesOf(index: number, isFirst: boolean): FrameEntry[] {
  const at = { address: addressAfter("10.20.0.1", index), port: PORT };
  const sample: FrameEntry = { kind: "sample", ...at, spacingMs: INTERVAL_MS, sample: sampleOf(fleet.v, index, nowMs()) };
  if (!isFirst) return [sample];
  const facts = {
    make: "Antminer",
    model: "S21",
    modelReported: "Antminer S21",
    controlBoard: null,
    mac: null,
    serial: null,
    hostname: null,
  };
  const identity = { ...facts, firmware: { family: "stock" as const, version: "2024" }, algorithm: "sha256d", evidence: [] };
  return [{ kind: "identity", ...at, agentAtMs: nowMs(), identity }, sample];
}
