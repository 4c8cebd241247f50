import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { OutboxRecord } from "./record.ts";

const FRAMES_MAX = 200;
const BYTES_MAX = 64 << 20;

/** Frames that the server refused, as files with the reason beside them, for a look. Bounded: the oldest go. */
export class Aside {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async keep(record: OutboxRecord, { reason, outboxId }: { reason: string; outboxId: string }): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const name = join(this.folder, String(record.seq).padStart(16, "0"));
    const { seq, atMs, sampleCount } = record;
    await writeFile(`${name}.frame`, record.payload);
    await writeFile(`${name}.json`, `${JSON.stringify({ outboxId, seq, atMs, sampleCount, reason })}\n`);
    await this.keepBounds();
  }

  private async keepBounds(): Promise<void> {
    const frames = (await readdir(this.folder)).filter((name) => name.endsWith(".frame")).sort();
    const sizes = await Promise.all(frames.map(async (name) => (await stat(join(this.folder, name))).size));
    let totalBytes = sizes.reduce((sum, bytes) => sum + bytes, 0);
    for (let i = 0; i < frames.length - 1 && (frames.length - i > FRAMES_MAX || totalBytes > BYTES_MAX); i++) {
      totalBytes -= sizes[i] ?? 0;
      const name = join(this.folder, frames[i] ?? "");
      await rm(name);
      await rm(name.replace(/\.frame$/, ".json"), { force: true });
    }
  }
}
