import { frameReply, type FramedReply, type RawObject } from "./framing.ts";
import { ReplyTemplate, shapeOf } from "./template.ts";
import { tokensOf } from "./tokens.ts";

const MAX_TEMPLATES = 24;

/**
 * Reads replies as `frameReply` does, and remembers the layouts that it has seen, so that a fleet of like machines is not parsed anew at every
 * poll. Bounded: the layout that was not needed for longest goes.
 */
export class ReplyReader {
  private templates: ReplyTemplate[] = []; // the latest that fitted first

  /** The reply of this text. Its object is shared: it holds until the next call, and must not be kept or changed. */
  readShared(text: string): FramedReply {
    for (const [index, template] of this.templates.entries()) {
      const value = template.read(text);
      if (value === null) continue;
      if (index > 0) this.toFront(template);
      return { ok: true, value };
    }
    const framed = frameReply(text);
    if (framed.ok) this.learn(text, framed.value);
    return framed;
  }

  private learn(text: string, value: RawObject): void {
    const tokens = tokensOf(text, value);
    if (tokens === null) return;
    const shape = shapeOf(text, tokens);
    const like = this.templates.find((template) => template.shape === shape) ?? null;
    const learned = ReplyTemplate.of(text, value, like);
    if (learned === null) return;
    this.templates = [learned, ...this.templates.filter((template) => template !== like)].slice(0, MAX_TEMPLATES);
  }

  private toFront(template: ReplyTemplate): void {
    this.templates = [template, ...this.templates.filter((other) => other !== template)];
  }
}
