import { connect } from "node:net";

/** The fixed other side of `pollCpuRatio`: a plain poller, one promise a poll, chunks concatenated at the end, JSON.parse, nothing decoded. */
export async function naivePoll(address: string, port: number, command: string): Promise<unknown> {
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect({ host: address, port });
    const chunks: Buffer[] = [];
    socket.setTimeout(5000, () => socket.destroy(new Error("timeout")));
    socket.on("connect", () => socket.write(JSON.stringify({ command })));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("end", () => resolve(Buffer.concat(chunks).toString("utf8").replace(/\0+$/, "")));
    socket.on("error", reject);
  });
  return JSON.parse(text) as unknown;
}
