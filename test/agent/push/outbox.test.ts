import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Outbox, type FrameDraft, type OutboxOptions } from "../../../agent/push/outbox.ts";
import { encodeFrameHeader, outboxIdOf } from "../../../agent/push/frameHeader.ts";
import { writeAll } from "../../../agent/push/segment.ts";
import { silentLog, temporaryFolder } from "../support/config.ts";

const opened: Outbox[] = [];
afterEach(async () => {
  for (const outbox of opened.splice(0)) await outbox.close();
});

async function open(folder: string, options: Partial<OutboxOptions> = {}): Promise<Outbox> {
  const outbox = await Outbox.open({ folder, maxBytes: 1 << 30, maxAgeMs: 1e12, nowMs: Date.now, log: silentLog, ...options });
  opened.push(outbox);
  return outbox;
}

/** A frame that holds `samples` samples and a text by which the test knows it again. */
function draft(text: string, samples = 1): FrameDraft {
  return { sampleCount: samples, build: (outboxId, seq) => Buffer.concat([encodeFrameHeader(outboxId, seq), Buffer.from(text)]) };
}

async function drain(outbox: Outbox): Promise<{ seq: number; text: string }[]> {
  const all: { seq: number; text: string }[] = [];
  for (let record = await outbox.next(); record !== null; record = await outbox.next()) {
    all.push({ seq: record.seq, text: record.payload.subarray(25).toString() });
  }
  return all;
}
const texts = async (outbox: Outbox): Promise<string[]> => (await drain(outbox)).map(({ text }) => text);

describe("Outbox", () => {
  it("hands frames out in order, numbered from 0, under an id made with the outbox", async () => {
    const outbox = await open(temporaryFolder());
    for (const text of ["a", "b", "c"]) await outbox.append(draft(text, 2));
    expect(await drain(outbox)).toEqual([
      { seq: 0, text: "a" },
      { seq: 1, text: "b" },
      { seq: 2, text: "c" },
    ]);
    expect(outbox.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(outbox.sampleCount).toBe(6);
    expect(await outbox.isHandedOut()).toBe(true);
  });

  it("forgets what is acknowledged and hands the rest out again after a rewind", async () => {
    const outbox = await open(temporaryFolder());
    for (const text of ["a", "b", "c"]) await outbox.append(draft(text, 2));
    await drain(outbox);
    await outbox.acknowledge(0);
    expect(outbox.sampleCount).toBe(4);
    await outbox.rewind(1);
    expect(outbox.sampleCount).toBe(2);
    expect(await texts(outbox)).toEqual(["c"]);
  });

  it("keeps what is not acknowledged over a restart, under the same id and with numbers that were never used", async () => {
    const folder = temporaryFolder();
    const first = await open(folder);
    for (const text of ["a", "b"]) await first.append(draft(text));
    await first.close();
    const second = await open(folder);
    expect(second.id).toBe(first.id);
    expect(second.sampleCount).toBe(2);
    const seq = await second.append(draft("c"));
    expect(seq).toBeGreaterThan(1);
    await second.rewind(0);
    expect(await texts(second)).toEqual(["b", "c"]);
  });

  it("never uses a number again, even when everything was acknowledged and deleted, or lost by a power cut", async () => {
    const folder = temporaryFolder();
    const first = await open(folder);
    let seq = -1;
    for (const text of ["a", "b", "c"]) seq = await first.append(draft(text));
    await first.close();
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".seg"))) await rm(join(folder, name));
    const second = await open(folder);
    expect(await second.append(draft("d"))).toBeGreaterThan(seq);
  });

  it("takes a number beyond the server's last one when the server knows more than the disk", async () => {
    const outbox = await open(temporaryFolder());
    await outbox.rewind(5000);
    expect(await outbox.append(draft("a"))).toBe(5001);
    expect(await texts(outbox)).toEqual(["a"]);
  });

  it("recovers from a last record that is cut at any byte", async () => {
    const folder = temporaryFolder();
    const outbox = await open(folder);
    await outbox.append(draft("first"));
    await outbox.append(draft("second"));
    const name = readdirSync(folder).find((file) => file.endsWith(".seg"))!;
    const wholeBytes = statSync(join(folder, name)).size;
    await outbox.append(draft("the last one"));
    await outbox.sync();
    const allBytes = statSync(join(folder, name)).size;
    for (let bytes = wholeBytes; bytes < allBytes; bytes++) {
      const copy = temporaryFolder();
      await cp(folder, copy, { recursive: true });
      truncateSync(join(copy, name), bytes);
      const recovered = await open(copy);
      await recovered.append(draft("after"));
      expect(await texts(recovered)).toEqual(["first", "second", "after"]);
      await recovered.close();
    }
  });

  it("does not hand out a record whose bytes were damaged", async () => {
    const folder = temporaryFolder();
    const outbox = await open(folder);
    await outbox.append(draft("first"));
    await outbox.append(draft("second"));
    await outbox.close();
    const path = join(
      folder,
      readdirSync(folder).find((file) => file.endsWith(".seg"))!,
    );
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(path, bytes);
    const recovered = await open(folder);
    expect(await texts(recovered)).toEqual(["first"]);
  });

  it("takes its id from the frames when its own note of it is gone", async () => {
    const folder = temporaryFolder();
    const first = await open(folder);
    await first.append(draft("a"));
    await first.close();
    await rm(join(folder, "outbox.json"));
    const second = await open(folder);
    expect(second.id).toBe(first.id);
    expect(outboxIdOf((await second.next())!.payload)).toBe(first.id);
  });

  it("drops the oldest frames beyond its size and counts the samples lost, over a restart too", async () => {
    const folder = temporaryFolder();
    const outbox = await open(folder, { maxBytes: 40_000 });
    for (let i = 0; i < 100; i++) await outbox.append(draft(`${i} ${"x".repeat(1000)}`, 3));
    const kept = (await texts(outbox)).map((text) => Number(text.split(" ")[0]));
    expect(kept.at(-1)).toBe(99);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => 100 - kept.length + i));
    expect(kept.length).toBeGreaterThan(25);
    expect(outbox.droppedSampleCount).toBe((100 - kept.length) * 3);
    expect(outbox.sampleCount).toBe(kept.length * 3);
    await outbox.close();
    expect((await open(folder)).droppedSampleCount).toBe((100 - kept.length) * 3);
  });

  it("drops what is older than its age", async () => {
    let nowMs = 1_000_000;
    const outbox = await open(temporaryFolder(), { maxAgeMs: 1000, maxBytes: 8000, nowMs: () => nowMs });
    await outbox.append(draft("x".repeat(1500), 5));
    nowMs += 5000;
    await outbox.append(draft("y".repeat(1500), 7));
    await outbox.append(draft("z", 1));
    expect((await texts(outbox)).map((text) => text[0])).toEqual(["y", "z"]);
    expect(outbox.droppedSampleCount).toBe(5);
  });

  it("deletes acknowledged files, so that a connected agent's outbox stays small", async () => {
    const folder = temporaryFolder();
    const outbox = await open(folder);
    for (let i = 0; i < 60; i++) {
      const seq = await outbox.append(draft("x".repeat(200_000)));
      await drain(outbox);
      await outbox.acknowledge(seq);
    }
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThan(5_000_000);
    expect(outbox.sampleCount).toBe(0);
  });

  it("puts a refused frame aside with the reason, goes on, and does not hand it out again", async () => {
    const folder = temporaryFolder();
    const outbox = await open(folder);
    for (const text of ["a", "b", "c"]) await outbox.append(draft(text));
    await drain(outbox);
    await outbox.refuse(1, "entry 3 has no address");
    const aside = readdirSync(join(folder, "aside"));
    expect(aside).toHaveLength(2);
    const note: unknown = JSON.parse(
      readFileSync(
        join(
          folder,
          "aside",
          aside.find((name) => name.endsWith(".json"))!,
        ),
        "utf8",
      ),
    );
    expect(note).toMatchObject({ seq: 1, outboxId: outbox.id, reason: "entry 3 has no address" });
    expect(
      readFileSync(
        join(
          folder,
          "aside",
          aside.find((name) => name.endsWith(".frame"))!,
        ),
      )
        .subarray(25)
        .toString(),
    ).toBe("b");
    await outbox.rewind(-1);
    expect(await texts(outbox)).toEqual(["a", "c"]);
  });

  it("keeps frames in bounded memory while the disk is full, counts what it drops, and writes the rest when there is room", async () => {
    const folder = temporaryFolder();
    let full = true;
    const noSpace = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    const outbox = await open(folder, {
      memoryMaxBytes: 5000,
      write: async (file, bytes, position) => {
        if (!full) return writeAll(file, bytes, position);
        await file.write(bytes, 0, 10, position); // a part still fits
        throw noSpace;
      },
    });
    for (let i = 0; i < 10; i++) await outbox.append(draft(`${i} ${"x".repeat(998)}`, 2));
    expect(outbox.diskFull).toBe(true);
    expect(outbox.droppedSampleCount).toBe(12);
    expect(outbox.sampleCount).toBe(8);
    expect((await texts(outbox)).map((text) => text[0])).toEqual(["6", "7", "8", "9"]);
    await outbox.acknowledge(7);
    full = false;
    await outbox.append(draft("later", 1));
    expect(outbox.diskFull).toBe(false);
    expect(outbox.sampleCount).toBe(5);
    await outbox.close();
    const again = await open(folder);
    expect((await texts(again)).map((text) => text[0])).toEqual(["8", "9", "l"]);
  });

  it("leaves nothing of a failed start behind that stands in the way of the next", async () => {
    const folder = temporaryFolder();
    const outbox = await open(folder);
    await outbox.append(draft("a"));
    await outbox.close();
    writeFileSync(join(folder, "0000000009999999.seg"), "");
    const again = await open(folder);
    expect(await texts(again)).toEqual(["a"]);
    expect(existsSync(join(folder, "0000000009999999.seg"))).toBe(false);
  });
});
