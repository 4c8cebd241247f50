import { describe, expect, it } from "vitest";
import { identify, identifyHttp } from "../../../agent/decode/identity.ts";
import { overlay } from "../../../agent/decode/overlay.ts";
import { ReportedIdentity } from "../../../server/contract/identity.ts";
import { identifyFixture } from "./fixture.ts";

function told(version: Record<string, unknown>, description = "bmminer 1.0.0") {
  return identify({ version: { STATUS: [{ STATUS: "S", Description: description }], VERSION: [version] } }, 1000).reported;
}

describe("identify()", () => {
  it.each([
    ["stock-x19", "stock", "S19j Pro"],
    ["stock-x9", "stock", "S9"],
    ["godminer", "stock", "L7"],
    ["braiins", "braiins", "S9"],
    ["vnish", "vnish", "S19j Pro"],
    ["luxos", "luxos", "S19k Pro"],
    ["msk", "msk", "S19-88"],
    ["hiveon", "hiveon", "S19j Pro"],
    ["asicseer", "asicseer", "S9"],
    ["cgminer", "cgminer", null],
    ["marathon", "marathon", "S21"],
    ["other-maker", "unknown", "S21+ Hydro"],
    ["chipless", "unknown", "Z11"],
  ])("recognises %s as %s, model %s", (folder, family, model) => {
    const { reported } = identifyFixture(folder);
    expect([reported.firmware.family, reported.model]).toEqual([family, model]);
    expect(ReportedIdentity.parse(reported)).toEqual(reported);
  });

  it.each([
    [{ BMMiner: "1.0.0", Type: "Antminer S9 (vnish 3.8.6)" }, "vnish", "3.8.6", "S9"],
    [{ BMMiner: "1.0.0", Type: "Antminer S19 (7Miners 1.2.6-rc1)" }, "vnish", "1.2.6-rc1", "S19"],
    [{ BMMiner: "2.0.0 rwglr", Type: "Antminer S9 Pro (v5.1) " }, "msk", "5.1", "S9 Pro"],
    [{ BMMiner: "bOS_am1-s9-2018", Type: "braiins-am1-s9" }, "braiins", "bOS_am1-s9-2018", "S9"],
    [{ BOSer: "boser-openwrt 0.1.0" }, "braiins", "boser-openwrt 0.1.0", null],
    [{ BMMiner: "1.0.0", Type: "Antminer BHB42XXX", CompileTime: "x" }, "stock", "x", null],
    [
      { CGMiner: "4.9.0", Type: "Antminer L3+ (024)", CompileTime: "Fri Aug 25 17:28:57 CST 2017" },
      "stock",
      "Fri Aug 25 17:28:57 CST 2017",
      "L3+",
    ],
    [{ CGMiner: "4.9.0", Type: "Antminer X3", Miner: "blissz v1.02" }, "unknown", "blissz v1.02", "X3"],
    [{ BMMiner: "1.0.0", Type: "Antminer S19\nrev 2" }, "stock", null, "S19"],
    [{ BMMiner: "1.0.0", Type: "Antminer S99 Ultra" }, "stock", null, "S99 Ultra"],
    [{ Type: "Whatever 3000" }, "unknown", null, "Whatever 3000"],
  ])("reads %j", (version, family, firmwareVersion, model) => {
    const identity = told(version);
    expect(identity.firmware).toEqual({ family, version: firmwareVersion });
    expect(identity.model).toBe(model);
  });

  it("calls an ambiguous rwglr build unknown", () => {
    expect(told({ BMMiner: "4.11.1 rwglr", Type: "Antminer S19" }).firmware.family).toBe("unknown");
  });

  it("takes MAC, serial, host name and control board from LuxOS config", () => {
    expect(identifyFixture("luxos").reported).toMatchObject({
      controlBoard: "cvitek",
      mac: "02:aa:bb:cc:dd:ee",
      serial: "SN0001",
      hostname: "shelf-4",
    });
  });

  it("takes the control board from a VNish model suffix", () => {
    expect(identifyFixture("vnish").reported.controlBoard).toBe("beaglebone");
  });

  it("knows an HTTP answer for ePIC and nothing else about it", () => {
    expect(identifyHttp(5)).toMatchObject({ firmware: { family: "epic" }, model: null });
  });
});

describe("overlay()", () => {
  it("adds what 4028 did not tell, and with a model what to expect of it", () => {
    const { reported, machine } = overlay(identify({ version: { STATUS: "S", VERSION: [{ BOSer: "1" }] } }, 0), {
      mac: "02:00:00:00:00:01",
      model: "S19 Pro",
    });
    expect([reported.mac, reported.model, machine.model?.chipsPerChain]).toEqual(["02:00:00:00:00:01", "S19 Pro", 114]);
  });

  it("keeps the model that the replies state", () => {
    expect(overlay(identifyFixture("stock-x9"), { model: "S21" }).reported.model).toBe("S9");
  });
});
