import type { DialectName, MinerProfile } from "../profiles/profile.ts";
import { bitmain2020 } from "./bitmain2020.ts";
import { bitmainL3 } from "./bitmainL3.ts";
import { bitmainS9 } from "./bitmainS9.ts";
import { bitmainX17 } from "./bitmainX17.ts";
import { braiins } from "./braiins.ts";
import type { Dialect } from "./dialect.ts";
import { luxos } from "./luxos.ts";
import { vnish } from "./vnish.ts";

const makers: Readonly<Record<DialectName, (profile: MinerProfile) => Dialect>> = {
  bitmainS9,
  bitmainL3,
  bitmainX17,
  bitmain2020,
  vnish,
  luxos,
  braiins,
};

const made = new Map<MinerProfile, Dialect>();

/** The dialect that a profile speaks, made once per profile. */
export function dialectOf(profile: MinerProfile): Dialect {
  let dialect = made.get(profile);
  if (dialect === undefined) {
    dialect = makers[profile.dialect](profile);
    made.set(profile, dialect);
  }
  return dialect;
}
