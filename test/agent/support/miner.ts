import { createServer, type AddressInfo, type Socket } from "node:net";

const STATUS = { STATUS: "S", When: 1700000000, Code: 22, Msg: "ok", Description: "bmminer 1.0.0" };
const REPLIES: Record<string, unknown> = {
  version: {
    STATUS: [STATUS],
    VERSION: [{ BMMiner: "1.0.0", API: "3.1", Miner: "30.0.1.3", CompileTime: "Tue Mar  9 10:00:00 CST 2021", Type: "Antminer S19" }],
    id: 1,
  },
  summary: {
    STATUS: [STATUS],
    SUMMARY: [{ Elapsed: 5000, "GHS 5s": 95000.5, "GHS av": 94800.1, Accepted: 100, Rejected: 1, Stale: 0, "Hardware Errors": 3 }],
    id: 1,
  },
  pools: {
    STATUS: [STATUS],
    POOLS: [
      {
        POOL: 0,
        URL: "stratum+tcp://pool.test:3333",
        Status: "Alive",
        Priority: 0,
        User: "farm.rig1",
        "Stratum Active": true,
        Accepted: 100,
      },
    ],
    id: 1,
  },
  stats: {
    STATUS: [STATUS],
    STATS: [
      { BMMiner: "1.0.0", Miner: "30.0.1.3", CompileTime: "Tue Mar  9 10:00:00 CST 2021", Type: "Antminer S19" },
      {
        STATS: 0,
        ID: "BC50",
        Elapsed: 5000,
        "GHS 5s": 95000.5,
        "GHS av": 94800.1,
        rate_unit: "GH",
        miner_count: 3,
        fan_num: 4,
        fan1: 5000,
        fan2: 5010,
        fan3: 5020,
        fan4: 5030,
        chain_acn1: 76,
        chain_acn2: 76,
        chain_acn3: 76,
        chain_rate1: "31666.8",
        chain_rate2: "31666.8",
        chain_rate3: "31666.9",
        temp_chip1: "60-61-70-71",
        temp_chip2: "60-61-70-72",
        temp_chip3: "60-61-70-73",
      },
    ],
    id: 1,
  },
};

/** A machine on a loopback port that speaks as much of the miners' API as an agent needs; `behaviour` can be changed while it runs. */
export interface FakeMiner {
  readonly address: string;
  readonly port: number;
  behaviour: "answer" | "hang" | "garbage" | "http";
  readonly connectionCount: () => number;
  /** The most requests that waited for an answer at the same time. */
  readonly maxAtOnce: () => number;
  close(): Promise<void>;
}

export async function startMiner({ address = "127.0.0.1", port = 0 } = {}): Promise<FakeMiner> {
  let connectionCount = 0;
  let underWayCount = 0;
  let maxAtOnce = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connectionCount++;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (request) => {
      maxAtOnce = Math.max(maxAtOnce, ++underWayCount);
      socket.on("close", () => underWayCount--);
      if (miner.behaviour === "answer") setTimeout(() => socket.end(answerTo(request.toString())), 5);
      if (miner.behaviour === "garbage") socket.end('{"STATUS":[{"STATUS":"S","When":not json at all}}}\0');
      if (miner.behaviour === "http") socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
    });
  });
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  const miner: FakeMiner = {
    address,
    port: (server.address() as AddressInfo).port,
    behaviour: "answer",
    connectionCount: () => connectionCount,
    maxAtOnce: () => maxAtOnce,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
  return miner;
}

function answerTo(request: string): string {
  const command = /"command"\s*:\s*"([^"]+)"/.exec(request)?.[1] ?? "";
  const unknown = { STATUS: [{ ...STATUS, STATUS: "E", Code: 14, Msg: "Invalid command" }], id: 1 };
  return `${JSON.stringify(REPLIES[command] ?? unknown)}\0`;
}
