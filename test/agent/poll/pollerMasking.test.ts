import { describe, expect, it } from "vitest";
import { createAnonymiser, withoutPasswords } from "../../../agent/poll/masking.ts";

describe("withoutPasswords()", () => {
  it.each([
    ['{"Pass":"s3cret","User":"a"}', '{"Pass":"***","User":"a"}'],
    ['{"_ant_pool1pw" : "s3cret"}', '{"_ant_pool1pw" : "***"}'],
    ['{"password": "a\\"s3cret"}', '{"password": "***"}'],
    ['{"URL":"stratum+tcp://u:s3cret@p:1"}', '{"URL":"stratum+tcp://u:***@p:1"}'],
    ["POOL=0,Pass=s3cret,User=a|", "POOL=0,Pass=***,User=a|"],
    ['{"Pass":"s3cr', '{"Pass":"***"'],
  ])("masks %s", (text, masked) => {
    expect(withoutPasswords(text)).toBe(masked);
  });
});

describe("createAnonymiser()", () => {
  it("masks users, hosts and addresses, equal ones alike, and leaves versions", () => {
    const anonymise = createAnonymiser();
    expect(anonymise('{"User":"farm.1","URL":"stratum+tcp://pool.example:3333#xnsub","Miner":"49.0.1.3"}')).toBe(
      '{"User":"user-1","URL":"stratum+tcp://host-2:3333#xnsub","Miner":"49.0.1.3"}',
    );
    expect(anonymise('{"IPAddr":"10.0.0.7","MACAddr":"02:aa","User":"farm.1","Type":"Antminer S9"}')).toBe(
      '{"IPAddr":"address-3","MACAddr":"address-4","User":"user-1","Type":"Antminer S9"}',
    );
  });

  it("keeps what tells a fee pool or an unset slot", () => {
    expect(createAnonymiser()('{"User":"","URL":"*"},{"User":"DevFee"}')).toBe('{"User":"","URL":"*"},{"User":"DevFee"}');
  });
});
