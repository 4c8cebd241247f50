import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startApi } from "./httpHelp.ts";

function builtPage(): string {
  const dir = mkdtempSync(join(tmpdir(), "hashwatch-web-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  mkdirSync(join(dir, "web", "assets"), { recursive: true });
  writeFileSync(join(dir, "secret.txt"), "secret");
  writeFileSync(join(dir, "web", "index.html"), "<!doctype html><title>Hashwatch</title>");
  writeFileSync(join(dir, "web", "assets", "main-abc123.js"), `const words = ${JSON.stringify("hash ".repeat(1000))};`);
  return join(dir, "web");
}

describe("the built page", () => {
  it("is served without a sign-in, its assets for ever, itself asked for again", async () => {
    const api = await startApi({ webDir: builtPage() });
    const page = await api.call.get("/");
    expect([page.status, page.text, page.headers["cache-control"]]).toEqual([200, "<!doctype html><title>Hashwatch</title>", "no-cache"]);
    expect(page.headers["content-security-policy"]).toContain("script-src 'self'");
    const script = await api.call.get("/assets/main-abc123.js").set("accept-encoding", "gzip");
    expect([script.status, script.headers["content-type"], script.headers["cache-control"], script.headers["content-encoding"]]).toEqual([
      200,
      "text/javascript; charset=utf-8",
      "public, max-age=31536000, immutable",
      "gzip",
    ]);
    expect(Number(script.headers["content-length"])).toBeLessThan(500);
    expect((await api.call.get("/").set("if-none-match", page.headers.etag)).status).toBe(304);
    expect((await api.call.head("/")).headers["content-length"]).toBe("39");
  });

  it("answers a page's own paths with itself, but no missing file and no path of the API", async () => {
    const api = await startApi({ webDir: builtPage() });
    const html = (path: string) => api.call.get(path).set("accept", "text/html,application/xhtml+xml");
    expect((await html("/miners/m1")).text).toContain("<title>Hashwatch</title>");
    expect((await html("/assets/missing.js")).status).toBe(404);
    expect((await api.call.get("/missing.json").set("accept", "*/*")).status).toBe(404);
    expect((await html("/api/v1/missing")).headers["content-type"]).toBe("application/problem+json");
    expect((await api.call.post("/").send({})).status).toBe(404);
  });

  it("gives away no file outside its folder", async () => {
    const api = await startApi({ webDir: builtPage() });
    for (const path of ["/..%2fsecret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/%00", "/%zz"])
      expect([path, (await api.call.get(path)).status]).toEqual([path, 404]);
  });
});
