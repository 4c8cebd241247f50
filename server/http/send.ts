import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { Request, Response } from "express";
import { z } from "zod";
import { isFromLoopback } from "./caller.ts";
import { columnsOf, toCsv } from "./csv.ts";
import type { Reply, Route } from "./route.ts";

const compress = promisify(gzip);
const COMPRESS_FROM_BYTES = 8 << 10;

/** Sends what a handler answered: as JSON, as CSV where a list is asked for so, or the bytes it brought along. */
export async function sendReply(route: Route, reply: Reply<unknown>, req: Request, res: Response): Promise<void> {
  res.status(reply.status ?? route.status ?? (route.answer === null ? 204 : 200));
  res.set("cache-control", "no-store");
  res.set(reply.headers);
  if (reply.bytes !== null) return void res.end(reply.bytes);
  if (route.answer === null || res.statusCode === 304) return void res.end();
  if (route.answerType === "csv") return sendCsvText(reply.body as string, req, res);
  const columns = listColumns(route);
  const asCsv = columns !== null && req.accepts(["application/json", "text/csv"]) === "text/csv";
  if (columns !== null) res.vary("Accept");
  if (asCsv) return sendCsv(columns, reply.body as ListAnswer, req, res);
  await sendText("application/json; charset=utf-8", JSON.stringify(reply.body), req, res);
}

interface ListAnswer {
  readonly items: readonly Record<string, unknown>[];
  readonly nextCursor: string | null;
  readonly totalCount: number;
}

/** Columns of the CSV of a route that answers with a list; null for any other. */
function listColumns({ answer }: Route): string[] | null {
  const items: unknown = answer instanceof z.ZodObject && "nextCursor" in answer.shape ? answer.shape.items : null;
  return items instanceof z.ZodArray && items.element instanceof z.ZodObject ? columnsOf(items.element) : null;
}

async function sendCsv(columns: readonly string[], list: ListAnswer, req: Request, res: Response): Promise<void> {
  if (list.nextCursor !== null) {
    const next = new URL(req.originalUrl, "http://localhost");
    next.searchParams.set("cursor", list.nextCursor);
    res.set("link", `<${next.pathname}${next.search}>; rel="next"`);
  }
  res.set("x-total-count", String(list.totalCount));
  await sendCsvText(toCsv(columns, list.items), req, res);
}

async function sendCsvText(text: string, req: Request, res: Response): Promise<void> {
  res.set("content-disposition", "attachment");
  await sendText("text/csv; charset=utf-8", text, req, res);
}

/** Sends text, compressed where that helps: not on loopback, where a proxy compresses what it passes on. */
async function sendText(type: string, text: string, req: Request, res: Response): Promise<void> {
  res.set("content-type", type);
  const isLocal = isFromLoopback({ headers: {}, peerAddress: req.socket.remoteAddress });
  if (isLocal || text.length < COMPRESS_FROM_BYTES || !acceptsGzip(req)) return void res.end(text);
  res.vary("Accept-Encoding");
  res.set("content-encoding", "gzip");
  res.end(await compress(text, { level: constants.Z_BEST_SPEED }));
}

/** True when the client takes gzip. */
export function acceptsGzip(req: Pick<Request, "acceptsEncodings">): boolean {
  return req.acceptsEncodings(["gzip", "identity"]) === "gzip";
}
