import { ApiError } from "../../api/request.ts";

interface FieldProblems {
  /** What is wrong with a field, also with a part of it such as one entry of a list; null for nothing. */
  readonly problemOf: (field: string) => string | null;
  /** An error that names none of the fields that are shown; null where there is none. */
  readonly rest: Error | null;
}

/** Sorts what the server refused, and what was typed wrongly, to the fields of a form, by the names that the server gives them. */
export function fieldProblems(
  error: Error | null,
  typedWrongly: Readonly<Record<string, string>>,
  shown: readonly string[],
): FieldProblems {
  const named = error instanceof ApiError ? error.field : null;
  const isMeant = (field: string): boolean => named !== null && (named === field || named.startsWith(`${field}.`));
  return {
    problemOf: (field) => typedWrongly[field] ?? (isMeant(field) ? (error?.message ?? null) : null),
    rest: shown.some(isMeant) ? null : error,
  };
}
