/** Stands in an address for "has none", such as no rack. */
const NONE = "none";

/** Values as one part of an address: joined by commas; a value that holds a comma, or would be taken for "none", carries a backslash. Empty is "none". */
export function writeList(values: readonly string[]): string {
  return values.map((value) => (value === "" ? NONE : escaped(value))).join(",");
}

function escaped(value: string): string {
  const text = value.replace(/[\\,]/g, "\\$&");
  return value === NONE || value.startsWith("!") ? `\\${text}` : text;
}

export function readList(text: string): string[] {
  const values = text.match(/(?:\\[^]|[^\\,])+/g) ?? [];
  return values.map((value) => (value === NONE ? "" : value.replace(/\\([^])/g, "$1")));
}
