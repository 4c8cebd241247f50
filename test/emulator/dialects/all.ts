import type { DialectName, MinerProfile } from "../profiles/profile.ts";
import { bitmain2020 } from "./bitmain2020.ts";
import type { Dialect } from "./dialect.ts";

const makers: Readonly<Record<DialectName, (profile: MinerProfile) => Dialect>> = {
  bitmain2017: bitmain2020,
  bitmain2019: bitmain2020,
  bitmain2020,
  vnish: bitmain2020,
  luxos: bitmain2020,
  braiins: bitmain2020,
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
