/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-argument -- supertest gives bodies as any; what they hold is what is tested */
import { beforeEach, describe, expect, it } from "vitest";
import { openDirectory } from "../../../server/fleet/directory.ts";
import { PASSWORD, startApi, type TestApi } from "./httpHelp.ts";

type Client = ReturnType<TestApi["as"]>;

let api: TestApi;
let viewer: Client;
let operator: Client;
let admin: Client;
beforeEach(async () => {
  api = await startApi();
  viewer = api.as(await api.tokenOf("viewer"));
  operator = api.as(await api.tokenOf("operator"));
  admin = api.as(await api.tokenOf("admin"));
});
const statusAndField = (response: { status: number; body: { field?: string } }) => [response.status, response.body.field];
const save = (client: Client, body: object) => client.post("/views").send({ query: "status=degraded", ...body });

describe("a saved view", () => {
  it("is private unless it is shared, and holds what it was given, across a restart too", async () => {
    const own = await save(viewer, { name: " Hot ", query: "chipTempCMax=84..&sort=-chipTempCMax&columns=name!,status:120" });
    const expected = { owner: "token viewer", shared: false, name: "Hot", createdAtMs: api.time.nowMs };
    expect([own.status, own.body]).toEqual([
      201,
      { id: own.body.id, query: "chipTempCMax=84..&sort=-chipTempCMax&columns=name!,status:120", ...expected },
    ]);
    const shared = await save(operator, { name: "All", query: "", shared: true });
    expect((await viewer.get("/views")).body.totalCount).toBe(2);
    expect((await viewer.get(`/views/${shared.body.id}`)).body).toEqual(shared.body);
    expect((await operator.get("/views")).body.items).toEqual([shared.body]);
    for (const other of [operator, admin]) expect((await other.get(`/views/${own.body.id}`)).status).toBe(404);
    expect((await api.call.get("/api/v1/views")).status).toBe(401);
    const restarted = await openDirectory({ records: api.records, clock: () => api.time.nowMs });
    expect(restarted.view(own.body.id)).toEqual(own.body);
  });

  it("is changed and deleted by its owner, and where it is shared by an admin, by nobody else", async () => {
    const own = (await save(viewer, { name: "Hot" })).body;
    const shared = (await save(operator, { name: "All", shared: true })).body;
    expect((await viewer.patch(`/views/${own.id}`).send({ name: "Hotter", query: "q=a" })).body).toEqual({
      ...own,
      name: "Hotter",
      query: "q=a",
    });
    expect((await viewer.patch(`/views/${shared.id}`).send({ name: "Mine" })).status).toBe(403);
    expect((await viewer.delete(`/views/${shared.id}`)).status).toBe(403);
    for (const other of [operator, admin]) {
      expect((await other.patch(`/views/${own.id}`).send({ name: "Mine" })).status).toBe(404);
      expect((await other.delete(`/views/${own.id}`)).status).toBe(404);
    }
    expect((await admin.patch(`/views/${shared.id}`).send({ name: "Everybody's" })).body.name).toBe("Everybody's");
    expect((await admin.delete(`/views/${shared.id}`)).status).toBe(204);
    expect((await viewer.delete(`/views/${own.id}`)).status).toBe(204);
    expect((await viewer.delete(`/views/${own.id}`)).status).toBe(404);
  });

  it("is shared by operators and above alone; a viewer may take back what was shared before", async () => {
    expect(statusAndField(await save(viewer, { name: "Hot", shared: true }))).toEqual([403, "shared"]);
    const own = (await save(viewer, { name: "Hot" })).body;
    expect(statusAndField(await viewer.patch(`/views/${own.id}`).send({ shared: true }))).toEqual([403, "shared"]);
    const { id: userId } = await api.accounts.users.create({ username: "eve", password: PASSWORD, role: "operator", siteIds: null });
    const signedIn = await api.call.post("/api/v1/session").send({ username: "eve", password: PASSWORD });
    const cookie = [signedIn.headers["set-cookie"]].flat().join().split(";")[0] ?? "";
    const eve = (method: "post" | "patch", path: string) => api.call[method](`/api/v1/views${path}`).set("cookie", cookie);
    const { id } = (await eve("post", "").send({ name: "Eve's", query: "", shared: true })).body;
    await api.accounts.users.change(userId, { role: "viewer" });
    expect(statusAndField(await eve("patch", `/${id}`).send({ query: "q=b" }))).toEqual([403, "shared"]);
    expect((await eve("patch", `/${id}`).send({ shared: false })).body.shared).toBe(false);
  });

  it("goes with its owner where it is private, and stays where others use it", async () => {
    const { id: userId } = await api.accounts.users.create({ username: "eve", password: PASSWORD, role: "operator", siteIds: null });
    const own = await api.directory.createView("eve", { name: "Own", query: "", shared: false });
    const shared = await api.directory.createView("eve", { name: "Everybody's", query: "", shared: true });
    expect((await admin.delete(`/users/${userId}`)).status).toBe(204);
    expect([api.directory.view(own.id), api.directory.view(shared.id)]).toEqual([null, shared]);
  });

  it("is refused without a name, with one that its owner has given already, and where its query is none", async () => {
    const { id } = (await save(viewer, { name: "Hot" })).body;
    const other = (await save(viewer, { name: "Cold" })).body;
    expect(statusAndField(await save(viewer, { name: "hot" }))).toEqual([409, "name"]);
    expect(statusAndField(await viewer.patch(`/views/${other.id}`).send({ name: "Hot" }))).toEqual([409, "name"]);
    expect((await viewer.patch(`/views/${id}`).send({ name: "HOT" })).body.name).toBe("HOT");
    expect((await save(operator, { name: "Hot" })).status).toBe(201); // another's
    for (const name of ["", "  ", "x".repeat(101), 7]) expect(statusAndField(await save(viewer, { name }))).toEqual([400, "name"]);
    for (const query of [undefined, "?q=a", "q=a b", "q=a#b", "q=\u0000", "q=ä", "x".repeat(4001)])
      expect(statusAndField(await save(viewer, { name: "New", query }))).toEqual([400, "query"]);
    expect(statusAndField(await save(viewer, { name: "New", owner: "admin" }))).toEqual([400, "owner"]);
    expect(statusAndField(await viewer.patch(`/views/${id}`).send({ owner: "admin" }))).toEqual([400, "owner"]);
    expect((await viewer.get("/views")).body.totalCount).toBe(2);
  });

  it("is one of 200 at most, for each owner", async () => {
    for (let n = 0; n < 200; n++) await api.directory.createView("token viewer", { name: `View ${n}`, query: "", shared: false });
    const refused = await save(viewer, { name: "One more" });
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining("200 views already")]);
    expect((await save(operator, { name: "One more" })).status).toBe(201);
  });

  it("leaves what was done and what was refused in the audit log", async () => {
    const { id } = (await save(viewer, { name: "Hot" })).body;
    await save(viewer, { name: "Hot", shared: true });
    await viewer.patch(`/views/${id}`).send({ name: "Hotter" });
    await operator.delete(`/views/${id}`);
    await viewer.delete(`/views/${id}`);
    expect(api.history.audit.map(({ actor, action, target, result }) => [actor, action, target, result])).toEqual([
      ["token viewer", "view.create", id, "done"],
      ["token viewer", "view.create", "/views", "refused"],
      ["token viewer", "view.change", id, "done"],
      ["token operator", "view.delete", id, "refused"],
      ["token viewer", "view.delete", id, "done"],
    ]);
    expect(api.history.audit[0]?.detail).toContain('"name":"Hot"');
  });
});

it("views are documented with their roles and limits", async () => {
  const { paths } = (await api.call.get("/api/openapi.json")).body;
  expect(Object.keys(paths["/views"])).toEqual(["get", "post"]);
  expect(Object.keys(paths["/views/{id}"])).toEqual(["get", "patch", "delete"]);
  expect(paths["/views"].post["x-role"]).toBe("viewer");
  expect(paths["/views"].post.requestBody.content["application/json"].schema.properties).toMatchObject({
    name: { minLength: 1, maxLength: 100 },
    query: { maxLength: 4000 },
    shared: { default: false },
  });
});
