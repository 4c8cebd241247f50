/** Makes an agent of the server's first site and resolves with the code that enrols it. */
export async function enrolmentCode({ base, cookie }: { base: string; cookie: string }): Promise<string> {
  const headers = { cookie, origin: base, "content-type": "application/json" };
  const sites = await fetch(`${base}/api/v1/sites`, { headers });
  const { items } = (await sites.json()) as { items: { id: string }[] };
  const body = JSON.stringify({ siteId: items[0]?.id, name: "feeder" });
  const response = await fetch(`${base}/api/v1/agents`, { method: "POST", headers, body });
  return ((await response.json()) as { code: string }).code;
}
