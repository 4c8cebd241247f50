import { z } from "zod";

/** One value or several, repeated or with commas between them. */
export function anyOf<T extends string>(item: z.ZodType<T, string>) {
  return z
    .union([z.string().max(2000), z.array(z.string().max(2000)).max(50)])
    .transform((value) => [value].flat().flatMap((each) => each.split(",").map((word) => word.trim())))
    .pipe(z.array(item).max(200))
    .optional();
}
