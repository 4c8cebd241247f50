import { setMaxListeners } from "node:events";
import type { ProbeResult } from "../discover/tcpProbe.ts";
import type { Endpoint, PollOutcome } from "./ports.ts";

const QUESTIONS_AT_ONCE = 256;

export interface WitnessDeps {
  readonly port: number; // 0: nobody is asked
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  permits(endpoint: Endpoint): boolean;
  probe(endpoint: Endpoint, options: { timeoutMs: number; signal: AbortSignal }): Promise<ProbeResult>;
}

/**
 * Tells "the API is down" from "the machine is gone": when 4028 is silent, another port of the machine is asked. Only a connection taken counts; a
 * refusal may come from a router. At most 256 are asked at once; beyond that the last answer of the machine stands.
 */
export class Witness {
  private readonly deps: WitnessDeps;
  private readonly lastAnswers = new Set<string>();
  private askingCount = 0;

  constructor(deps: WitnessDeps) {
    this.deps = deps;
    setMaxListeners(0, deps.signal); // each question listens for as long as it lasts
  }

  /** True: the machine is there although its API is silent. */
  async isApiDown(endpoint: Endpoint, outcome: PollOutcome): Promise<boolean> {
    const witness = { address: endpoint.address, port: this.deps.port };
    if (outcome.ok || outcome.failure !== "timeout" || witness.port === 0 || witness.port === endpoint.port) return false;
    if (!this.deps.permits(witness)) return false;
    if (this.askingCount >= QUESTIONS_AT_ONCE) return this.lastAnswers.has(witness.address);
    const answers = await this.ask(witness);
    if (answers) this.lastAnswers.add(witness.address);
    else this.lastAnswers.delete(witness.address);
    return answers;
  }

  private async ask(witness: Endpoint): Promise<boolean> {
    this.askingCount++;
    try {
      return (await this.deps.probe(witness, { timeoutMs: this.deps.timeoutMs, signal: this.deps.signal })) === "open";
    } finally {
      this.askingCount--;
    }
  }
}
