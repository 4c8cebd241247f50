import type { Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../agent/clock.ts";
import { createClient, REPLY_MAX_BYTES, type Answer, type Client, type Question } from "../../../agent/cgminer/client.ts";
import { frameReply } from "../../../agent/cgminer/framing.ts";
import { closedPort, openWire, type Wire } from "./wire.ts";

const REPLY = '{"STATUS":[{"STATUS":"S","When":1}],"SUMMARY":[{"Elapsed":60}],"id":1}';
const wires: Wire[] = [];
const clients: Client[] = [];

async function miner(answer: (socket: Socket, request: string) => void): Promise<Wire> {
  const wire = await openWire(answer);
  wires.push(wire);
  return wire;
}

function newClient(): Client {
  const client = createClient(systemClock);
  clients.push(client);
  return client;
}

/** The text of the reply, null where there is none. */
async function textFrom(port: number, changes: Partial<Question> & { client?: Client } = {}): Promise<string | null> {
  const answer = await ask(port, changes);
  return answer.ok ? answer.text : null;
}

function ask(port: number, { client = newClient(), ...changes }: Partial<Question> & { client?: Client } = {}): Promise<Answer> {
  const question = {
    address: "127.0.0.1",
    port,
    request: '{"command":"summary"}',
    connectTimeoutMs: 1000,
    replyTimeoutMs: 3000,
    ...changes,
  };
  return new Promise((resolve) => client.ask(question, (answer) => resolve(answer.ok ? { ok: true, text: answer.text } : answer)));
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const wire of wires.splice(0)) await wire.close();
});

describe("client", () => {
  it("sends the request whole, once, and does not half-close before the answer", async () => {
    let hasEnded = false;
    const wire = await miner((socket) => {
      socket.on("end", () => (hasEnded = true));
      setImmediate(() => {
        expect(hasEnded).toBe(false);
        socket.end(`${REPLY}\0`);
      });
    });
    expect(await textFrom(wire.port)).toBe(REPLY);
    expect(wire.requests).toEqual(['{"command":"summary"}']);
  });

  it("is done at the NUL although the miner keeps the connection open", async () => {
    const wire = await miner((socket) => socket.write(`${REPLY}\0`));
    const startedAtMs = performance.now();
    expect(await textFrom(wire.port)).toBe(REPLY);
    expect(performance.now() - startedAtMs).toBeLessThan(400);
  });

  it("is done at the end of the stream where there is no NUL", async () => {
    const wire = await miner((socket) => socket.end(REPLY));
    expect(await textFrom(wire.port)).toBe(REPLY);
  });

  it("takes text that parses for whole after a silence, with neither NUL nor end of stream", async () => {
    const wire = await miner((socket) => socket.write(REPLY));
    const startedAtMs = performance.now();
    expect(await textFrom(wire.port)).toBe(REPLY);
    expect(performance.now() - startedAtMs).toBeLessThan(1500);
  });

  it("puts a reply together from pieces, though they cut a character in two", async () => {
    const bytes = Buffer.from(`${REPLY.replace("id", "größe")}\0`);
    const wire = await miner((socket) => {
      socket.setNoDelay(true);
      let at = 0;
      const send = (): void => {
        socket.write(bytes.subarray(at, at + 7), () => setImmediate(() => ((at += 7) < bytes.length ? send() : undefined)));
      };
      send();
    });
    expect(await textFrom(wire.port)).toBe(REPLY.replace("id", "größe"));
  });

  it("keeps replies of many miners apart that share its buffer", async () => {
    const wire = await miner((socket, request) => {
      const half = request.length >> 1;
      socket.write(request.slice(0, half));
      setImmediate(() => socket.end(`${request.slice(half)}\0`));
    });
    const client = newClient();
    const requests = Array.from({ length: 50 }, (_, i) => `{"command":"${"x".repeat(i)}${i}"}`);
    const answers = await Promise.all(requests.map((request) => ask(wire.port, { client, request })));
    expect(answers).toEqual(requests.map((text) => ({ ok: true, text })));
    expect(client.askingCount).toBe(0);
  });

  it("names a refusal, which counts as an answer", async () => {
    expect(await ask(await closedPort())).toMatchObject({ ok: false, failure: "refused", answered: true });
  });

  it("gives up on a miner that takes the connection and stays silent", async () => {
    const wire = await miner(() => undefined);
    expect(await ask(wire.port, { replyTimeoutMs: 150 })).toMatchObject({ ok: false, failure: "timeout", answered: false, bytes: null });
  });

  it("gives up on a reply that does not go on, and hands out what came", async () => {
    const wire = await miner((socket) => socket.write(REPLY.slice(0, 30)));
    const answer = await ask(wire.port, { replyTimeoutMs: 150 });
    expect(answer).toMatchObject({ ok: false, failure: "timeout", answered: true });
    expect(!answer.ok && answer.bytes?.length).toBe(30);
  });

  it("calls a connection that ends without a byte closed", async () => {
    const wire = await miner((socket) => socket.end());
    expect(await ask(wire.port)).toMatchObject({ ok: false, failure: "closed", answered: true });
  });

  it.each([
    ["ends", (socket: Socket) => socket.end()],
    ["breaks", (socket: Socket) => socket.resetAndDestroy()],
  ])("gives nothing but a truncated reply when the connection %s in the middle", async (_, leave) => {
    const wire = await miner((socket) => socket.write(REPLY.slice(0, 30), () => setImmediate(() => leave(socket))));
    const answer = await ask(wire.port);
    const verdict = answer.ok ? frameReply(answer.text) : answer;
    expect(verdict).toMatchObject({ ok: false, failure: "truncated" });
  });

  it("stops reading a reply without end", async () => {
    const wire = await miner((socket) => {
      const more = (): boolean => socket.write("x".repeat(60_000), () => (socket.destroyed ? undefined : more()));
      more();
    });
    const answer = await ask(wire.port);
    expect(answer).toMatchObject({ ok: false, failure: "undecodable" });
    expect(!answer.ok && answer.bytes !== null && answer.bytes.length < REPLY_MAX_BYTES + (128 << 10)).toBe(true);
  });

  it("cannot connect to an address without a route", async () => {
    const answer = await ask(4028, { address: "255.255.255.255" });
    expect(answer).toMatchObject({ ok: false, failure: "noRoute", answered: false });
  });

  it("never calls back after an abort", async () => {
    const wire = await miner((socket) => socket.write(REPLY));
    const client = newClient();
    let calls = 0;
    const question = { address: "127.0.0.1", port: wire.port, request: "{}", connectTimeoutMs: 1000, replyTimeoutMs: 1000 };
    client.ask(question, () => calls++).abort();
    expect(await ask(wire.port, { client })).toMatchObject({ ok: true });
    expect(calls).toBe(0);
    expect(client.askingCount).toBe(0);
  });

  it("does not hand over what was aborted by the callback of an answer of the same turn", async () => {
    const waiting: Socket[] = [];
    const wire = await miner((socket) => {
      if (waiting.push(socket) === 50) for (const each of waiting) each.write(`${REPLY}\0`);
    });
    const client = newClient();
    const question = { address: "127.0.0.1", port: wire.port, request: "{}", connectTimeoutMs: 1000, replyTimeoutMs: 3000 };
    let calls = 0;
    await new Promise<void>((resolve) => {
      const asking = Array.from({ length: 50 }, () =>
        client.ask(question, () => {
          calls++;
          for (const each of asking) each.abort();
          resolve();
        }),
      );
    });
    expect(client.askingCount).toBe(0);
    await ask((await miner((socket) => socket.write(`${REPLY}\0`))).port, { client }); // a later turn
    expect(calls).toBe(1);
  });

  it("keeps connections apart that use a socket one after another, whatever became of those before", async () => {
    const ways = [
      (socket: Socket, request: string) => socket.write(`${request}\0`),
      (socket: Socket) => socket.resetAndDestroy(),
      (socket: Socket, request: string) => socket.end(request),
      (socket: Socket) => socket.end(),
    ];
    const miners = await Promise.all(ways.map(miner));
    const client = newClient();
    for (let round = 0; round < 40; round++) {
      const request = `{"round":${round}}`;
      const texts = await Promise.all(miners.map(({ port }) => textFrom(port, { client, request })));
      expect(texts).toEqual([request, null, request, null]);
    }
    expect(client.askingCount).toBe(0);
  });
});
