/** What became of attempts and messages since the start, by channel, for /metrics. */
export class DeliveryCounters {
  readonly #counts = new Map<string, Map<DeliveryResult, number>>();

  count(channelId: string, result: DeliveryResult): void {
    const counts = this.#counts.get(channelId) ?? new Map<DeliveryResult, number>();
    this.#counts.set(channelId, counts.set(result, (counts.get(result) ?? 0) + 1));
  }

  *all(): Generator<{ channelId: string; result: DeliveryResult; count: number }> {
    for (const [channelId, counts] of this.#counts) for (const [result, count] of counts) yield { channelId, result, count };
  }
}

/** `failed`: an attempt that is made again. */
export type DeliveryResult = "sent" | "failed" | "dead" | "suppressed" | "dropped";
