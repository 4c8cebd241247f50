import { randomUUID } from "node:crypto";
import type { Timers } from "../clock.ts";
import type { AgentMessage } from "../contract/agentLink.ts";

type Answer = Extract<AgentMessage, { type: "replies" }> | null;

/** Raw replies that were asked for and have not come yet. Each request ends: with the answer, with its agent's connection, or in time. */
export class ReplyRequests {
  readonly #waiting = new Map<string, { agentId: string; resolve: (answer: Answer) => void }>();
  readonly #timeoutMs: number;
  readonly #timers: Pick<Timers, "after">;

  constructor(timeoutMs: number, timers: Pick<Timers, "after">) {
    this.#timeoutMs = timeoutMs;
    this.#timers = timers;
  }

  /** `send` is given the id under which the answer is to come; null: none came. */
  ask(agentId: string, send: (requestId: string) => void): Promise<Answer> {
    const requestId = randomUUID();
    return new Promise((resolve) => {
      const cancel = this.#timers.after(this.#timeoutMs, () => this.#end(requestId, null));
      const settle = (answer: Answer): void => {
        cancel();
        resolve(answer);
      };
      this.#waiting.set(requestId, { agentId, resolve: settle });
      send(requestId);
    });
  }

  /** Ignored where it answers nothing that this agent was asked. */
  answer(agentId: string, answer: Exclude<Answer, null>): void {
    if (this.#waiting.get(answer.requestId)?.agentId === agentId) this.#end(answer.requestId, answer);
  }

  /** agentId left out: every agent's. */
  cancel(agentId?: string): void {
    for (const [requestId, request] of this.#waiting) if (agentId === undefined || request.agentId === agentId) this.#end(requestId, null);
  }

  #end(requestId: string, answer: Answer): void {
    this.#waiting.get(requestId)?.resolve(answer);
    this.#waiting.delete(requestId);
  }
}
