import { TEMPLATE_FIELDS, type TemplateField } from "../contract/channels.ts";
import { ChangeError } from "../fleet/changeError.ts";

export type FieldValues = Readonly<Record<TemplateField, string>>;

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const FIELDS: ReadonlySet<string> = new Set(TEMPLATE_FIELDS);

/** Throws ChangeError that names the first unknown field and its place; `where` is the part of the request that holds the template. */
export function requireKnownFields(template: string, where: string): void {
  for (const match of template.matchAll(PLACEHOLDER)) {
    const field = match[1].trim();
    if (FIELDS.has(field)) continue;
    const place = placeOf(template, match.index);
    throw new ChangeError("invalid", `There is no field {{${field}}} (${place}); there are ${TEMPLATE_FIELDS.join(", ")}`, where);
  }
  const rest = template.replaceAll(PLACEHOLDER, (text) => " ".repeat(text.length));
  const open = rest.search(/\{\{|\}\}/);
  if (open >= 0) throw new ChangeError("invalid", `A pair of braces is not closed (${placeOf(template, open)})`, where);
}

function placeOf(text: string, index: number): string {
  const before = text.slice(0, index).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** The template with every field filled in. */
export function fillTemplate(template: string, values: FieldValues): string {
  return template.replaceAll(PLACEHOLDER, (_, field: string) => values[field.trim() as TemplateField]);
}
