import type { SessionInfo, WallLink } from "../../server/contract/api.ts";
import { list, ok, refused, type Answer } from "./fakeAnswer.ts";

/** Wall links behind the page, made, revoked and opened by its requests. */
export class FakeWall {
  links: WallLink[] = [];
  #count = 0;

  /** null: not about these. `open` is told whose link was opened. */
  answer(call: string, body: Record<string, unknown>, open: (wall: SessionInfo["wall"]) => SessionInfo): Answer | null {
    const [, method = "", id = ""] = /^(\w+) \/(?:wall-links|session\/wall)(?:\/([^/?]+))?$/.exec(call) ?? [];
    if (method === "") return null;
    if (call === "POST /session/wall") return this.#open(String(body["token"]), open);
    if (method === "GET") return list(this.links);
    if (method === "DELETE") {
      this.links = this.links.filter((link) => link.id !== id);
      return ok(null, 204);
    }
    if (body["name"] === "Taken") return refused(409, "There are 1000 wall links already; revoke some first");
    const link = { id: `link${++this.#count}`, ...body, createdAtMs: Date.now(), lastUsedAtMs: null } as unknown as WallLink;
    this.links = [...this.links, link];
    return ok({ ...link, token: `hwl_${link.id}`, serverUrl: null }, 201);
  }

  /** The token of a link here is its id with `hwl_` in front. */
  #open(token: string, open: (wall: SessionInfo["wall"]) => SessionInfo): Answer {
    const link = this.links.find(({ id }) => token === `hwl_${id}`);
    if (link === undefined) return refused(403, "This wall link was revoked, or is not copied whole", "token");
    if (link.expiresAtMs <= Date.now()) return refused(403, "This wall link has expired", "token");
    const { name, siteIds, expiresAtMs } = link;
    return ok(open({ name, siteIds, expiresAtMs }));
  }
}
