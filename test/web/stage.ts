import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { openBrowser, type BrowserOptions, type TestBrowser } from "./browser.ts";
import type { FakeServer } from "./fakeServer.ts";

export interface Stage {
  readonly browser: TestBrowser;
  /** Opens a stand-in server for the running test. */
  serve(server: FakeServer): Promise<FakeServer>;
  newPage(): Promise<Page>;
}

interface StageOptions extends BrowserOptions {
  readonly permissions?: string[];
}

/**
 * A browser for the tests around the call, with pages and servers that end with each test. A test during which a page threw an error or broke the
 * Content Security Policy fails.
 */
export function useStage({ permissions = [], ...options }: StageOptions = {}): Stage {
  let browser: TestBrowser;
  const servers: FakeServer[] = [];
  const pages: Page[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await openBrowser(options);
    await browser.context.grantPermissions(permissions);
  });
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.close()));
    await Promise.all(servers.splice(0).map((server) => server.close()));
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
  });

  return {
    get browser() {
      return browser;
    },
    async serve(server) {
      servers.push(server);
      await server.open();
      return server;
    },
    async newPage() {
      const page = await browser.newPage();
      pages.push(page);
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => message.text().includes("Content Security Policy") && complaints.push(message.text()));
      return page;
    },
  };
}
