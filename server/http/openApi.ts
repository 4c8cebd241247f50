import { z } from "zod";
import * as contract from "../contract/api.ts";
import { SESSION_COOKIE, WALL_COOKIE } from "./caller.ts";
import type { Route } from "./route.ts";

type Json = Record<string, unknown>;

const SIGNED_IN = [{ token: [] }, { session: [] }];

/** Schemas of the contract stand in the document under their own names. */
const names = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(contract)) if (schema instanceof z.ZodType && /^[A-Z]/.test(id)) names.add(schema, { id });

/** The OpenAPI 3.1 document, made from the schemas that validate the requests. */
export function openApiDocument(routes: readonly Route[], { program }: { program: string }): Json {
  const components: Json = {};
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    (paths[path] ??= {})[route.method] = operationOf(route, components);
  }
  schemaOf(contract.Problem, "output", components);
  return {
    openapi: "3.1.0",
    info: { title: "Hashwatch", version: program, description: "Fleet monitor for Bitcoin miners" },
    servers: [{ url: "/api/v1" }],
    security: SIGNED_IN,
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: SESSION_COOKIE },
        wall: { type: "apiKey", in: "cookie", name: WALL_COOKIE, description: "Of a wall link: reads the live fleet and nothing else" },
      },
      responses: {
        Problem: {
          description: "What was wrong, and what to change",
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      },
    },
  };
}

function operationOf(route: Route, components: Json): Json {
  const body = route.body === undefined ? {} : { requestBody: bodyOf(route, components) };
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.path.split("/")[1]],
    ...securityOf(route),
    parameters: [...parametersOf(route.params, "path", components), ...parametersOf(route.query, "query", components)],
    ...body,
    responses: {
      [String(route.status ?? (route.answer === null ? 204 : 200))]: answerOf(route, components),
      default: { $ref: "#/components/responses/Problem" },
    },
  };
}

function securityOf({ role, wall }: Route): Json {
  if (role === null) return { security: [] };
  return { "x-role": role, ...(wall ? { security: [...SIGNED_IN, { wall: [] }] } : {}) };
}

function operationId({ method, path }: Route): string {
  const words = path.split(/[/:-]+/).filter((word) => word !== "");
  return [method, ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join("");
}

function bodyOf(route: Route, components: Json): Json {
  const type = route.bodyType === "csv" ? "text/csv" : "application/json";
  return { required: true, content: { [type]: { schema: schemaOf(route.body, "input", components) } } };
}

function answerOf(route: Route, components: Json): Json {
  if (route.answer === null) return { description: "Done" };
  const schema = schemaOf(route.answer, "output", components);
  if (route.answerType === "csv") return { description: route.summary, content: { "text/csv": { schema } } };
  const isList = route.answer instanceof z.ZodObject && "nextCursor" in route.answer.shape;
  const csv = isList ? { "text/csv": { schema: { type: "string" } } } : {};
  return { description: route.summary, content: { "application/json": { schema }, ...csv } };
}

function parametersOf(schema: z.ZodType | undefined, where: "path" | "query", components: Json): Json[] {
  if (schema === undefined) return [];
  const read = schemaOf(schema, "input", components);
  const required = new Set(Array.isArray(read.required) ? read.required : []);
  return Object.entries((read.properties ?? {}) as Json).map(([name, property]) => ({
    name,
    in: where,
    required: where === "path" || required.has(name),
    schema: property,
  }));
}

/** JSON Schema of one schema; those with a name go into `components` and are referred to. */
function schemaOf(schema: z.ZodType | undefined, io: "input" | "output", components: Json): Json {
  if (schema === undefined) return {};
  // Bodies are written out: what a client may leave out differs from what an answer holds.
  const metadata = io === "output" ? { metadata: names } : {};
  const { $defs, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any", ...metadata }) as Json;
  delete rest.$schema;
  for (const [id, definition] of Object.entries(($defs ?? {}) as Json)) components[id] = pointToComponents(definition);
  return pointToComponents(rest) as Json;
}

function pointToComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pointToComponents);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "$ref" && typeof inner === "string" ? inner.replace("#/$defs/", "#/components/schemas/") : pointToComponents(inner),
    ]),
  );
}
