const NUMERIC = /^-?\d+(?:\.\d+)?$/;

/**
 * Reads a TEXT answer (`STATUS=E,When=0,Code=14,Msg=…|KEY=VAL,…|`), which firmware sends that did not take the request for JSON.
 * Returns it in the shape of a JSON reply, sections by their first key (`SUMMARY`, `POOL` …), or null when the text is none.
 */
export function readTextAnswer(text: string): Record<string, unknown> | null {
  if (!text.startsWith("STATUS=")) return null;
  const answer: Record<string, unknown[]> = {};
  for (const section of text.split("|")) {
    if (section.trim() === "") continue;
    const row = readRow(section);
    const name = Object.keys(row)[0] ?? "";
    (answer[name] ??= []).push(row);
  }
  return answer;
}

function readRow(section: string): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const field of section.split(",")) {
    const at = field.indexOf("=");
    const key = (at < 0 ? field : field.slice(0, at)).trim();
    const value = at < 0 ? "" : field.slice(at + 1);
    row[key] = NUMERIC.test(value) ? Number(value) : value;
  }
  return row;
}
