import type { RawObject } from "../cgminer/framing.ts";
import type { MinerModel } from "../models/catalogue.ts";
import { amountOrNull } from "./fields.ts";
import { rowLayout } from "./rowLayout.ts";

/**
 * Speeds of the fans of a `stats` row in rpm, in order of their index. A 0 is an absent fan unless the model should have one more than turn:
 * then it is a stopped fan, at the index where the model has its fans. `fan_num` is no guide: it counts the turning ones.
 */
export function decodeFans(data: RawObject, model: MinerModel | null): number[] {
  const speeds: (number | null)[] = [];
  for (const key of rowLayout(data).fans) speeds.push(key === null ? null : amountOrNull(data[key]));
  return turningAndStopped(speeds, model);
}

/** The same for speeds by position, null where a position is not reported. */
export function turningAndStopped(speeds: readonly (number | null)[], model: MinerModel | null): number[] {
  let turning = 0;
  for (const rpm of speeds) if (rpm !== null && rpm > 0) turning++;
  const expected = model?.fanCount ?? 0;
  const first = (model?.firstFan ?? 1) - 1;
  let stopped = expected - turning;
  const fans: number[] = [];
  for (let index = 0; index < speeds.length; index++) {
    const rpm = speeds[index];
    if (rpm === null || fans.length === 32) continue;
    if (rpm > 0) fans.push(rpm);
    else if (stopped > 0 && index >= first && index < first + expected) {
      fans.push(0);
      stopped--;
    }
  }
  return fans;
}
