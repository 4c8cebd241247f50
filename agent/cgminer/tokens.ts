import type { RawObject } from "./framing.ts";

/** A number or a string in the text of a reply, and where it stands in the parsed object. */
export interface Token {
  readonly start: number; // of a string: behind the quote
  readonly end: number;
  readonly isText: boolean;
  readonly container: Record<string, unknown> | unknown[];
  readonly key: string;
}

interface Level {
  readonly container: Record<string, unknown> | unknown[];
  key: string | null; // the key whose value comes next
  count: number; // entries so far, for arrays
}

const STRING = /"([^"\\\u0000-\u001f]*)"/y; // eslint-disable-line no-control-regex -- a string without anything to unescape
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?![\d.eE+-])/y;
const WORD = /true|false|null/y;

/**
 * Finds the numbers and strings of a reply that was parsed as `value`, in order. Copes with `}{` between two rows.
 * Null when the text holds anything that makes it hard to say what stands where: escapes, exponents, doubled keys, other damage.
 */
export function tokensOf(text: string, value: RawObject): Token[] | null {
  const walk = new Walk(text, value);
  while (!walk.isDone) if (!walk.step()) return null;
  return walk.tokens;
}

class Walk {
  readonly tokens: Token[] = [];
  private readonly text: string;
  private readonly root: RawObject;
  private readonly levels: Level[] = [];
  private readonly seen = new Set<string>();
  private at = 0;

  constructor(text: string, root: RawObject) {
    this.text = text;
    this.root = root;
  }

  get isDone(): boolean {
    return this.at >= this.text.length;
  }

  /** One mark, key or value further; false where the text cannot be followed. */
  step(): boolean {
    const char = this.text.charAt(this.at);
    if (char === "{" || char === "[") return this.open();
    if (char === "}" || char === "]") return this.close();
    if (char === '"') return this.string();
    if (/[\s,:]/.test(char)) {
      this.at++;
      return true;
    }
    return this.bare();
  }

  private open(): boolean {
    const container = this.levels.length === 0 ? this.root : this.nextValue();
    if (typeof container !== "object" || container === null) return false;
    this.levels.push({ container: container as Record<string, unknown> | unknown[], key: null, count: 0 });
    this.at++;
    return true;
  }

  private close(): boolean {
    const closed = this.levels.pop();
    if (closed === undefined) return false;
    this.at++;
    return this.levels.length > 0 || this.text.slice(this.at).trim() === "";
  }

  private string(): boolean {
    STRING.lastIndex = this.at;
    const match = STRING.exec(this.text);
    const level = this.levels.at(-1);
    if (match === null || level === undefined) return false;
    const start = this.at + 1;
    this.at = STRING.lastIndex;
    if (Array.isArray(level.container) || level.key !== null) return this.value(start, this.at - 1, match[1]);
    return this.openKey(level, match[1]);
  }

  private openKey(level: Level, key: string): boolean {
    const path = `${this.levels.map((outer) => `${outer.key ?? ""}/${outer.count}`).join("/")}/${key}`;
    if (this.seen.has(path) || key === "__proto__") return false;
    this.seen.add(path);
    level.key = key;
    return true;
  }

  private bare(): boolean {
    NUMBER.lastIndex = WORD.lastIndex = this.at;
    const number = NUMBER.exec(this.text)?.[0];
    const start = this.at;
    if (number !== undefined) {
      this.at += number.length;
      return this.value(start, this.at, Number(number));
    }
    const word = WORD.exec(this.text)?.[0];
    if (word === undefined) return false;
    this.at += word.length;
    return this.nextValue() === (word === "null" ? null : word === "true");
  }

  /** Notes a token, if the parsed object holds the same at this place. */
  private value(start: number, end: number, read: string | number): boolean {
    const level = this.levels.at(-1);
    if (level === undefined) return false;
    const key = level.key ?? String(level.count);
    if (!Object.is(this.nextValue(), read)) return false;
    this.tokens.push({ start, end, isText: typeof read === "string", container: level.container, key });
    return true;
  }

  /** The parsed value of the place that comes next, which is then done with. */
  private nextValue(): unknown {
    const level = this.levels.at(-1);
    if (level === undefined) return undefined;
    const key = level.key ?? String(level.count);
    level.key = null;
    level.count++;
    return (level.container as Record<string, unknown>)[key];
  }
}
