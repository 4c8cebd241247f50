import { frameReply, textOfReply, type FramedReply, type RawObject } from "./framing.ts";
import { ReplyTemplate, shapeOf } from "./template.ts";
import { tokensOf } from "./tokens.ts";

const MAX_TEMPLATES = 24;

/** Which layout fitted one miner last, to be tried first the next time. Each miner has its own; the reader writes to it. */
export interface LayoutHint {
  template: ReplyTemplate | null;
}

/**
 * Reads replies as `frameReply` does, and remembers the layouts that it has seen, so that a fleet of like machines is not parsed anew at every
 * poll. Bounded: the layout that was not needed for longest goes.
 */
export class ReplyReader {
  private templates: ReplyTemplate[] = []; // the latest that was found first

  /** The reply of these bytes. Its object is shared: it holds until the next call, and must not be kept or changed. */
  readShared(bytes: Buffer, hint: LayoutHint): FramedReply {
    const value = hint.template?.read(bytes) ?? null;
    return value === null ? this.find(bytes, hint) : { ok: true, value };
  }

  private find(bytes: Buffer, hint: LayoutHint): FramedReply {
    for (const template of this.templates) {
      const value = template === hint.template ? null : template.read(bytes);
      if (value === null) continue;
      this.templates = [template, ...this.templates.filter((other) => other !== template)];
      hint.template = template;
      return { ok: true, value };
    }
    const text = textOfReply(bytes);
    const framed = frameReply(text);
    hint.template = framed.ok ? this.learn(text, framed.value) : null;
    return framed;
  }

  private learn(text: string, value: RawObject): ReplyTemplate | null {
    const tokens = tokensOf(text, value);
    if (tokens === null) return null;
    const shape = shapeOf(text, tokens);
    const like = this.templates.find((template) => template.shape === shape) ?? null;
    const learned = ReplyTemplate.of(text, value, like);
    if (learned !== null) this.templates = [learned, ...this.templates.filter((template) => template !== like)].slice(0, MAX_TEMPLATES);
    return learned;
  }
}
