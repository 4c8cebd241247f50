import type { Logger } from "pino";
import type { Evidence } from "../../server/contract/identity.ts";
import type { Clock } from "../clock.ts";
import { createLimit } from "../limit.ts";
import { endpointKey } from "../poll/endpoint.ts";
import type { Endpoint, MinerPoller } from "../poll/ports.ts";
import type { Credential, MinerCredentials } from "./credentials.ts";
import { readCgi, type WebAnswer } from "./webApi.ts";
import { webFactsOf, type WebFacts } from "./webFacts.ts";

const READ_AGAIN_AFTER_MS = 6 * 3_600_000;
const TRY_AGAIN_AFTER_MS = 15 * 60_000;
const NEIGHBOURS_EVERY_MS = 60_000;
const MINERS_AT_ONCE = 8;
const TIMEOUT_MS = 5000;

export interface LearnerDeps {
  readonly credentials: MinerCredentials;
  readonly webPort: number;
  permits(endpoint: Endpoint): boolean;
  readNeighbours(): Promise<Map<string, string>>;
  pollers(): readonly MinerPoller[];
  readonly clock: Pick<Clock, "nowMs" | "every">;
  readonly log: Logger;
}

/** What is known of one miner, by way. `told` is what its poller was last given, without times. */
interface Known {
  web: WebFacts | null;
  neighbourMac: string | null;
  nextReadAtMs: number;
  told: string;
}

/** Learns who a miner is by other ways than 4028: its web API where the operator gave a password for the range, and the neighbour table. */
export class Learner {
  private readonly deps: LearnerDeps;
  private readonly limit = createLimit(MINERS_AT_ONCE);
  private readonly known = new Map<string, Known>();
  private readonly abort = new AbortController();
  private readonly endLooks: () => void;

  constructor(deps: LearnerDeps) {
    this.deps = deps;
    this.endLooks = deps.clock.every(NEIGHBOURS_EVERY_MS, () => void this.learnNeighbours());
  }

  /** A miner has answered: reads its web API when that is due. Returns at once. */
  answered(poller: MinerPoller): void {
    const { address } = poller.endpoint;
    const credential = this.deps.credentials.find(address);
    const web = { address, port: this.deps.webPort };
    if (credential === null || !this.deps.permits(web)) return;
    const known = this.knownOf(poller.endpoint);
    const nowMs = this.deps.clock.nowMs();
    if (nowMs < known.nextReadAtMs) return;
    known.nextReadAtMs = nowMs + TRY_AGAIN_AFTER_MS;
    void this.limit(() => this.readWeb(web, credential)).then((facts) => {
      if (facts === null) return;
      known.web = facts;
      known.nextReadAtMs = nowMs + READ_AGAIN_AFTER_MS;
      this.tell(poller, known);
    });
  }

  /** A miner did not answer: another machine may stand at its address when one answers again. */
  missed({ endpoint }: MinerPoller): void {
    const known = this.known.get(endpointKey(endpoint));
    if (known !== undefined) known.nextReadAtMs = Math.min(known.nextReadAtMs, this.deps.clock.nowMs() + TRY_AGAIN_AFTER_MS);
  }

  forget(endpoint: Endpoint): void {
    this.known.delete(endpointKey(endpoint));
  }

  /** Reads the neighbour table and tells each miner that stands in it. */
  async learnNeighbours(): Promise<void> {
    const macs = await this.deps.readNeighbours().catch(() => new Map<string, string>());
    for (const poller of this.deps.pollers()) {
      const mac = macs.get(poller.endpoint.address);
      if (mac !== undefined) this.seen(poller, mac);
    }
  }

  close(): void {
    this.endLooks();
    this.abort.abort();
  }

  private seen(poller: MinerPoller, mac: string): void {
    const known = this.knownOf(poller.endpoint);
    if (known.neighbourMac !== null && known.neighbourMac !== mac) {
      known.web = null; // another machine: what the web API told was about the one before
      known.nextReadAtMs = -Infinity;
    }
    known.neighbourMac = mac;
    this.tell(poller, known);
  }

  private knownOf(endpoint: Endpoint): Known {
    const key = endpointKey(endpoint);
    const known = this.known.get(key) ?? { web: null, neighbourMac: null, nextReadAtMs: -Infinity, told: "" };
    this.known.set(key, known);
    return known;
  }

  /** Hands everything to the poller when something changed. The machine's own word on its MAC goes before the table's, which may show a proxy. */
  private tell(poller: MinerPoller, known: Known): void {
    const { web, neighbourMac } = known;
    const facts = {
      mac: web?.mac ?? neighbourMac,
      serial: web?.serial ?? null,
      hostname: web?.hostname ?? null,
      controlBoard: web?.controlBoard ?? null,
    };
    const told = JSON.stringify([facts, neighbourMac]);
    if (told === known.told) return;
    known.told = told;
    poller.learn({ ...facts, evidence: [...(web?.evidence ?? []), ...neighbourEvidence(neighbourMac, this.deps.clock.nowMs())] });
  }

  private async readWeb(web: Endpoint, credential: Credential): Promise<WebFacts | null> {
    if (this.abort.signal.aborted) return null;
    const options = { credential, timeoutMs: TIMEOUT_MS, signal: this.abort.signal };
    const systemInfo = await readCgi(web, "get_system_info.cgi", options);
    // A password that is not taken is not tried again at once: some firmware locks the door after a few attempts.
    const minerType = systemInfo.ok || systemInfo.failure !== "denied" ? await readCgi(web, "miner_type.cgi", options) : systemInfo;
    if (!systemInfo.ok)
      this.deps.log.debug({ address: web.address, failure: systemInfo.failure, detail: systemInfo.detail }, "web API not read");
    const facts = webFactsOf(fieldsOf(systemInfo), fieldsOf(minerType), this.deps.clock.nowMs());
    return facts.evidence.length === 0 ? null : facts;
  }
}

function neighbourEvidence(mac: string | null, lastSeenAtMs: number): Evidence[] {
  return mac === null ? [] : [{ kind: "mac", value: mac, source: "neighbour table", lastSeenAtMs }];
}

function fieldsOf(answer: WebAnswer): Readonly<Record<string, unknown>> | null {
  return answer.ok ? answer.fields : null;
}
