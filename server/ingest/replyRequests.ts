import { randomUUID } from "node:crypto";
import type { AgentMessage } from "../contract/agentLink.ts";

type Answer = Extract<AgentMessage, { type: "replies" }> | null;

/** Raw replies that were asked for and have not come yet. Each request ends: with the answer, with its agent's connection, or in time. */
export class ReplyRequests {
  readonly #waiting = new Map<string, { agentId: string; resolve: (answer: Answer) => void }>();
  readonly #timeoutMs: number;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** `send` is given the id under which the answer is to come; null: none came. */
  ask(agentId: string, send: (requestId: string) => void): Promise<Answer> {
    const requestId = randomUUID();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#end(requestId, null), this.#timeoutMs);
      const settle = (answer: Answer): void => {
        clearTimeout(timer);
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
