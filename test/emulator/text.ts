/**
 * Rewrites a JSON answer as the text answer that the same program gives to a text request: `STATUS=S,When=..|KEY=VAL,..|`.
 * Numbers keep the form in which JSON had them. Only answers of one level of rows have a text form; others come out flattened.
 */
export function toText(json: string): string {
  let text = "";
  for (const section of json.matchAll(SECTION)) {
    const [, name, body] = section;
    for (const row of body.matchAll(ROW)) text += `${PREFIXED.has(name) ? `${name},` : ""}${fields(row[0])}|`;
  }
  return text;
}

/** Sections whose rows have no number of their own start with their name. */
const PREFIXED = new Set(["VERSION", "SUMMARY", "CONFIG", "COIN"]);
const SECTION = /"([A-Z]+)"\s*:\s*\[((?:[^\]"]|"(?:[^"\\]|\\.)*")*)\]/g;
const ROW = /\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\}/g;
const FIELD = /"((?:[^"\\]|\\.)*)"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|([^,}\]]+))/g;

function fields(row: string): string {
  const parts: string[] = [];
  for (const [, key, quoted, bare] of row.matchAll(FIELD)) parts.push(`${key}=${(quoted as string | undefined) ?? bare.trim()}`);
  return parts.join(",");
}
