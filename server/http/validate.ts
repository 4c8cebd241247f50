import type { z } from "zod";
import { ProblemError } from "./problem.ts";

/** Reads a part of a request by its schema. Throws ProblemError (400) that names the first field at fault and says what was expected. */
export function validate(schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return value;
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues.at(0);
  if (issue === undefined) throw new ProblemError(400, "The request cannot be read");
  if (issue.code === "unrecognized_keys") throw unknownField(issue.keys[0] ?? "");
  const field = issue.path.map(String).join(".");
  throw new ProblemError(400, field === "" ? issue.message : `${field}: ${issue.message}`, { field: field === "" ? null : field });
}

function unknownField(name: string): ProblemError {
  return new ProblemError(400, `${name}: there is no such field or parameter here`, { field: name });
}
