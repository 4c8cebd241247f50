import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { Router, type RequestHandler } from "express";
import { ProblemError } from "./problem.ts";
import { acceptsGzip } from "./send.ts";

const compress = promisify(gzip);
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
  ".map": "application/json",
};
/** Worth compressing; pictures and fonts are compressed already. */
const TEXTS = new Set([".html", ".js", ".css", ".json", ".webmanifest", ".svg", ".txt", ".map"]);

interface StaticFile {
  readonly type: string;
  readonly etag: string;
  readonly bytes: Buffer;
  readonly gzip: Buffer | null;
}

/**
 * Serves the built page from a folder. Files below /assets/ carry a hash in their name and never change; everything else is asked for again.
 * A path without a file is the page itself when a browser navigates to it. Files are read and compressed once per change.
 */
export function staticFiles(webDir: string): Router {
  const read = createReader(webDir);
  const serve: RequestHandler = async (req, res, next) => {
    if (req.method !== "GET" && req.method !== "HEAD") {
      next();
      return;
    }
    const isAsset = req.path.startsWith("/assets/");
    const file =
      (await read(req.path === "/" ? "/index.html" : req.path)) ?? (isAsset || !isNavigation(req) ? null : await read("/index.html"));
    if (file === null) {
      next(isNavigation(req) && !isAsset ? new ProblemError(404, "The page is not built; run npm run build") : undefined);
      return;
    }
    res.set("cache-control", isAsset ? "public, max-age=31536000, immutable" : "no-cache");
    res.set("etag", file.etag).vary("Accept-Encoding");
    if (req.headers["if-none-match"] === file.etag) return void res.status(304).end();
    res.set("content-type", file.type);
    const packed = file.gzip !== null && acceptsGzip(req) ? file.gzip : null;
    if (packed !== null) res.set("content-encoding", "gzip");
    const bytes = packed ?? file.bytes;
    res.set("content-length", String(bytes.length)).end(req.method === "HEAD" ? undefined : bytes);
  };
  return Router().use(serve);
}

function isNavigation(req: { headers: { accept?: string | undefined } }): boolean {
  return (req.headers.accept ?? "").includes("text/html");
}

/** Reads files of a folder, and remembers them until they change; null for what is not there or lies outside. */
function createReader(webDir: string): (path: string) => Promise<StaticFile | null> {
  const root = normalize(webDir + sep);
  const known = new Map<string, Promise<StaticFile>>();
  return async (urlPath) => {
    const path = decode(urlPath);
    const full = path === null ? "" : normalize(join(root, path));
    const extension = extname(full);
    if (!full.startsWith(root) || !Object.hasOwn(TYPES, extension)) return null;
    const found = await stat(full).catch(() => null);
    if (!found?.isFile()) return null;
    const version = `${full}:${found.mtimeMs}:${found.size}`;
    const file = known.get(version) ?? load(full, extension, `"${found.mtimeMs.toString(36)}-${found.size.toString(36)}"`);
    known.set(version, file);
    return file.catch(() => {
      known.delete(version);
      return null;
    });
  };
}

function decode(urlPath: string): string | null {
  try {
    const path = decodeURIComponent(urlPath);
    return path.includes("\0") ? null : path;
  } catch {
    return null;
  }
}

async function load(full: string, extension: string, etag: string): Promise<StaticFile> {
  const bytes = await readFile(full);
  const packed = TEXTS.has(extension) ? await compress(bytes, { level: 9 }) : null;
  return { type: TYPES[extension] ?? "application/octet-stream", etag, bytes, gzip: packed };
}
