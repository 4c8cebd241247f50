// miners.ts COUNT ADDRESS: stock S19 and S21 of the built emulator, for figures that poll one dialect. Tells {port}.
import { built } from "../built.ts";
import { onWord, tell } from "../child.ts";

const [count, address = ""] = process.argv.slice(2);
const { startEmulator } = await built<typeof import("../../emulator/emulator.ts")>("test/emulator/emulator");
const emulator = await startEmulator({ count: Number(count), address, port: 0, models: ["S19 Pro", "S21"] });
onWord(() => undefined);
tell({ port: emulator.endpoints[0]?.port });
