import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { tmpdir } from "node:os";
import { createRequire } from "node:module";
import { chromium, type BrowserContext, type Page } from "playwright-core";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface TestBrowser {
  readonly context: BrowserContext;
  readonly newPage: () => Promise<Page>;
  readonly close: () => Promise<void>;
}

export interface BrowserOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "dark" | "light";
  readonly isTouch?: boolean;
}

interface Found {
  readonly executablePath: string;
  readonly args: readonly string[];
  readonly libraryPath: string | null;
}

/**
 * A real browser with an empty profile of its own: $CHROMIUM, else the system's, else the one from npm.
 *
 * Throws when none of them starts; a test that needs a browser fails rather than passes unseen. `close` ends it and removes its profile.
 */
export async function openBrowser({
  width = 1440,
  height = 900,
  colorScheme = "dark",
  isTouch = false,
}: BrowserOptions = {}): Promise<TestBrowser> {
  const found = await findChromium();
  const profile = mkdtempSync(join(tmpdir(), "hashwatch-browser-"));
  const libraryPath = [found.libraryPath, process.env["LD_LIBRARY_PATH"]].filter(Boolean).join(":");
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: found.executablePath,
    args: [...new Set([...FLAGS, ...found.args])],
    viewport: { width, height },
    colorScheme,
    hasTouch: isTouch,
    isMobile: isTouch,
    env: { ...definedEnvironment(), ...(libraryPath === "" ? {} : { LD_LIBRARY_PATH: libraryPath }) },
  });
  return {
    context,
    newPage: () => context.newPage(),
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function findChromium(): Promise<Found> {
  const named = process.env["CHROMIUM"];
  if (named !== undefined && named !== "") {
    if (!existsSync(named)) throw new Error(`CHROMIUM names ${named}, which does not exist`);
    return { executablePath: named, args: [], libraryPath: null };
  }
  for (const executablePath of ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]) {
    if (existsSync(executablePath)) return { executablePath, args: [], libraryPath: null };
  }
  return unpackChromium();
}

/** The npm package unpacks the browser itself, but its shared libraries only in the cloud it was made for. */
async function unpackChromium(): Promise<Found> {
  const { default: packaged } = await import("@sparticuz/chromium");
  const executablePath = await packaged.executablePath();
  const libraries = join(dirname(executablePath), "hashwatch-chromium-libraries");
  if (!existsSync(join(libraries, "lib"))) await unpackLibraries(libraries);
  return { executablePath, args: packaged.args, libraryPath: join(libraries, "lib") };
}

async function unpackLibraries(folder: string): Promise<void> {
  const { createReadStream, createWriteStream } = await import("node:fs");
  const { pipeline } = await import("node:stream/promises");
  const { createBrotliDecompress } = await import("node:zlib");
  const packageFolder = dirname(dirname(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium"))));
  mkdirSync(folder, { recursive: true });
  const archive = join(folder, "libraries.tar");
  await pipeline(createReadStream(join(packageFolder, "bin", "al2023.tar.br")), createBrotliDecompress(), createWriteStream(archive));
  execFileSync("tar", ["-xf", archive, "-C", folder]);
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
