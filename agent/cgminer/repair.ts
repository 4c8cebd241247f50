const BARE_NON_NUMBER = /^[+-]?(?:nan|inf(?:inity)?)$/i;

/**
 * Mends what miners are known to break in JSON, outside strings only: `}{` without a comma, commas before a bracket or after an opening one,
 * bare nan and inf (null), a value left out (false), raw control characters in strings (escaped), bytes after the first complete object (dropped).
 * Returns null when the text ends before the object does: half a reply is not mended.
 */
export function repairJson(text: string): string | null {
  const mended = new Mended();
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '"') {
      const end = stringEnd(text, at);
      if (end < 0) return null;
      mended.push(escapeControls(text.slice(at, end)));
      at = end;
    } else if (char === "{" || char === "[") {
      mended.open(char);
      at++;
    } else if (char === "}" || char === "]") {
      if (mended.close(char)) return mended.text;
      at++;
    } else if (/\s/.test(char)) {
      at++;
    } else if (char === "," || char === ":") {
      mended.mark(char);
      at++;
    } else {
      const end = bareEnd(text, at);
      mended.push(bareValue(text.slice(at, end)));
      at = end;
    }
  }
  return null;
}

/** Text mended so far; `pending` is a comma or colon whose right side has not been seen. */
class Mended {
  text = "";
  private depth = 0;
  private last = ""; // the last mark or value written
  private pending = "";

  push(value: string): void {
    this.settle();
    this.text += value;
    this.last = value;
  }
  open(bracket: string): void {
    if (this.last === "}" && this.pending === "") this.pending = ","; // `}{` between the two STATS rows of bmminer up to 2019
    this.settle();
    this.text += bracket;
    this.last = bracket;
    this.depth++;
  }
  close(bracket: string): boolean {
    if (this.pending === ":") this.text += ":false";
    this.pending = "";
    this.text += bracket;
    this.last = bracket;
    return --this.depth <= 0;
  }
  mark(mark: string): void {
    if (mark === "," && this.pending === ":") this.text += ":false"; // `": ,"` of get_miner_conf.cgi
    if (mark === "," && (this.last === "[" || this.last === "{")) return;
    this.pending = mark;
  }
  private settle(): void {
    // Two values side by side stay apart, so that JSON.parse refuses them rather than reads one number out of two.
    this.text += this.pending === "" && this.last !== "" ? " " : this.pending;
    this.pending = "";
  }
}

/** Index behind the closing quote of the string that opens at `at`, -1 when it does not close. */
function stringEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 92) i++;
    else if (code === 34) return i + 1;
  }
  return -1;
}

function bareEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && !/[\s,:{}[\]"]/.test(text.charAt(end))) end++;
  return end;
}

function bareValue(bare: string): string {
  return BARE_NON_NUMBER.test(bare) ? "null" : bare;
}

function escapeControls(string: string): string {
  // eslint-disable-next-line no-control-regex -- the point of the function
  return string.replace(/[\u0000-\u001f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
