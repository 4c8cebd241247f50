/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call -- supertest gives bodies as any; what they hold is what is tested */
import { describe, expect, it } from "vitest";
import { apiRoutes } from "../../../server/http/app.ts";
import type { ApiDeps } from "../../../server/http/deps.ts";
import { startApi } from "./httpHelp.ts";

type Json = Record<string, unknown>;

/** As much of JSON Schema as the document uses: enough to tell an answer that differs from it. Answers with the first place that does not fit. */
function misfit(schema: Json, value: unknown, document: Json, at = "$"): string | null {
  if (typeof schema.$ref === "string") {
    const target = schema.$ref
      .slice(2)
      .split("/")
      .reduce<unknown>((inner, key) => (inner as Json)[key], document);
    return misfit(target as Json, value, document, at);
  }
  if (Array.isArray(schema.anyOf)) return schema.anyOf.every((each) => misfit(each as Json, value, document, at) !== null) ? at : null;
  if (schema.const !== undefined && schema.const !== value) return at;
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) return at;
  const type = value === null ? "null" : Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;
  const types = [schema.type ?? []].flat();
  if (types.length > 0 && !types.includes(type) && !(type === "integer" && types.includes("number"))) return at;
  if (type === "array" && schema.items !== undefined)
    return firstOf((value as unknown[]).map((each, i) => misfit(schema.items as Json, each, document, `${at}[${i}]`)));
  if (type !== "object") return null;
  const properties = (schema.properties ?? {}) as Record<string, Json>;
  const missing = ((schema.required ?? []) as string[]).find((key) => !(key in (value as Json)));
  if (missing !== undefined) return `${at}.${missing}`;
  return firstOf(
    Object.entries(value as Json).map(([key, inner]) => {
      if (Object.hasOwn(properties, key)) return misfit(properties[key], inner, document, `${at}.${key}`);
      return schema.additionalProperties === false ? `${at}.${key}` : null;
    }),
  );
}

function firstOf(results: (string | null)[]): string | null {
  return results.find((result) => result !== null) ?? null;
}

describe("/api/openapi.json", () => {
  it("lists every route with its role, its parameters and its answer", async () => {
    const api = await startApi();
    const { body } = await api.call.get("/api/openapi.json");
    expect(body.openapi).toBe("3.1.0");
    const listed = Object.entries(body.paths as Record<string, Json>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const routes = apiRoutes({ ...api, store: api.history } as unknown as ApiDeps).map(
      ({ method, path }) => `${method} ${path.replace(":id", "{id}")}`,
    );
    expect(listed.sort()).toEqual(routes.sort());
    for (const path of [
      "/session",
      "/setup",
      "/users",
      "/tokens/{id}",
      "/fleet",
      "/fleet/identity",
      "/fleet/frame",
      "/fleet/series",
      "/miners/{id}/replies",
      "/sites/{id}/series",
      "/racks/import",
      "/agents/{id}/scan",
      "/scans/{id}",
      "/nodes",
      "/views",
      "/settings",
      "/audit",
    ])
      expect(body.paths).toHaveProperty([path]);
    const ids = Object.values(body.paths as Record<string, Record<string, { operationId: string }>>).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    const list = body.paths["/miners"].get;
    expect(list["x-role"]).toBe("viewer");
    expect(list.parameters.find(({ name }: { name: string }) => name === "limit")).toMatchObject({
      in: "query",
      required: false,
      schema: { default: 100, maximum: 1000 },
    });
  });

  it("has no reference that leads nowhere", async () => {
    const api = await startApi();
    const { body, text } = await api.call.get("/api/openapi.json");
    const names = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !(name in body.components.schemas))).toEqual([]);
    expect(text).not.toContain("#/$defs/");
  });

  it("describes the answers that the server gives", async () => {
    const api = await startApi();
    const admin = api.as(await api.tokenOf("admin"));
    await admin.post("/racks").send({ siteId: "s1", name: "A", rows: 1, columns: 1 });
    const document = (await api.call.get("/api/openapi.json")).body as Json & {
      paths: Record<string, Record<string, { responses: Record<string, { content: Record<string, { schema: Json }> }> }>>;
    };
    const schemaOf = (path: string) => document.paths[path].get.responses["200"].content["application/json"].schema;
    for (const path of [
      "/session",
      "/fleet",
      "/fleet/identity",
      "/fleet/frame",
      "/fleet/series",
      "/miners",
      "/sites",
      "/racks",
      "/ranges",
      "/agents",
      "/settings",
      "/settings/storage",
      "/users",
      "/tokens",
      "/audit",
    ]) {
      const { body, status } = await admin.get(path === "/fleet/series" ? `${path}?metrics=powerW` : path);
      expect([path, status, misfit(schemaOf(path), body, document)]).toEqual([path, 200, null]);
    }
    const detail = (await admin.get("/miners/m1")).body as Json;
    expect(misfit(schemaOf("/miners/{id}"), detail, document)).toBeNull();
    expect(misfit(schemaOf("/miners/{id}"), { ...detail, status: "fine" }, document)).toBe("$.status");
    expect(misfit(schemaOf("/miners/{id}"), { ...detail, secret: 1 }, document)).toBe("$.secret");
  });
});
