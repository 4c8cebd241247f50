import express, { type NextFunction, type Request, type RequestHandler, type Response } from "express";
import { ProblemError } from "./problem.ts";
import type { Route } from "./route.ts";

const BODY_LIMIT_BYTES = 256 << 10;

/**
 * Reads the body that a route asks for: an object of JSON, or the text of a CSV file. Nothing is parsed for a route without a body.
 * Rejects with ProblemError: 415 for another media type, 413 for too much, 400 for what cannot be parsed.
 */
export async function readBody(route: Route, req: Request, res: Response): Promise<unknown> {
  if (route.body === undefined) return undefined;
  const type = route.bodyType === "csv" ? "text/csv" : "application/json";
  if (hasBody(req) && req.is(type) === false) throw new ProblemError(415, `Send the body as ${type}`, { headers: { accept: type } });
  const limit = route.bodyLimitBytes ?? BODY_LIMIT_BYTES;
  const parse: RequestHandler = type === "text/csv" ? express.text({ type, limit }) : express.json({ type, limit });
  await new Promise<void>((resolve, reject) => {
    const done: NextFunction = (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error("The body parser failed"));
    };
    parse(req, res, done);
  });
  return (req.body as unknown) ?? (type === "text/csv" ? "" : {});
}

function hasBody(req: Request): boolean {
  return req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0;
}
