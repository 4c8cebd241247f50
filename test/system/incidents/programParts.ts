import { built } from "../../bench/built.ts";
import { countCalls } from "./rest.ts"; // before whatever compresses

/** The parts of the built program that a rehearsal puts together: built, as the store's threads are files that Node itself can load. */
export const program = {
  ...(await built<typeof import("../../../agent/config.ts")>("agent/config")),
  ...(await built<typeof import("../../../agent/discover/knownMiners.ts")>("agent/discover/knownMiners")),
  ...(await built<typeof import("../../../agent/main.ts")>("agent/main")),
  ...(await built<typeof import("../../../server/cli/demoRacks.ts")>("server/cli/demoRacks")),
  ...(await built<typeof import("../../../server/config.ts")>("server/config")),
  ...(await built<typeof import("../../../server/main.ts")>("server/main")),
  ...(await built<typeof import("../../emulator/emulator.ts")>("test/emulator/emulator")),
};

const { StoreThread } = await built<typeof import("../../../server/store/sqlite/calls.ts")>("server/store/sqlite/calls");
const { Frames } = await built<typeof import("../../../agent/push/frames.ts")>("agent/push/frames");
const { Outbox } = await built<typeof import("../../../agent/push/outbox.ts")>("agent/push/outbox");
countCalls(StoreThread.prototype, ["call"]);
countCalls(Frames.prototype, ["flush"]);
countCalls(Outbox.prototype, ["append", "next", "rewind", "acknowledge", "sync"]);
