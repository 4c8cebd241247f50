import type { Database, Statement } from "better-sqlite3";
import { rowsOf } from "./driver.ts";

export interface Ack {
  agentId: string;
  outboxId: string;
  seq: number;
}
interface JournalRow {
  seq: number;
  batch: Buffer;
}

/** Batches as they came, one row each, durable at once and deleted when all their samples are sealed; and what was acknowledged with them. */
export class JournalTables {
  readonly #insert: Statement<[number, Uint8Array]>;
  readonly #remove: Statement<[number]>;
  readonly #ack: Statement<[string, string, number, number]>;
  readonly #lastSeq: Statement<[string, string], number>;
  readonly #page: Statement<[number], JournalRow>;
  readonly #dropAcks: Statement<[number]>;

  constructor(db: Database) {
    this.#insert = db.prepare("INSERT INTO journal (seq, batch) VALUES (?, ?)");
    this.#remove = db.prepare("DELETE FROM journal WHERE seq < ?");
    this.#ack = db.prepare(
      `INSERT INTO ack (agent_id, outbox_id, seq, at_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq), at_ms = excluded.at_ms`,
    );
    this.#lastSeq = db.prepare<[string, string], number>("SELECT seq FROM ack WHERE agent_id = ? AND outbox_id = ?").pluck();
    this.#page = db.prepare<[number], JournalRow>("SELECT seq, batch FROM journal WHERE seq > ? ORDER BY seq LIMIT 16");
    this.#dropAcks = db.prepare("DELETE FROM ack WHERE at_ms < ?");
  }

  insert(seq: number, batch: Uint8Array): void {
    this.#insert.run(seq, batch);
  }

  removeBelow(seq: number): void {
    this.#remove.run(seq);
  }

  ack(ack: Ack, nowMs: number): void {
    this.#ack.run(ack.agentId, ack.outboxId, ack.seq, nowMs);
  }

  /** -1 for an outbox that nothing came from. */
  lastSeq(agentId: string, outboxId: string): number {
    return this.#lastSeq.get(agentId, outboxId) ?? -1;
  }

  /** In the order in which they came. */
  rows(): Generator<JournalRow> {
    return rowsOf(this.#page, (row) => row.seq);
  }

  /** Forgets outboxes that were not heard of since. */
  dropAcksBefore(atMs: number): void {
    this.#dropAcks.run(atMs);
  }
}
