import { describe, expect, it } from "vitest";
import type { FiredEvent, LogEvent } from "../../../server/incidents/log.ts";
import { presentIncident } from "../../../server/incidents/present.ts";
import { explanationOf } from "../../../server/incidents/wording.ts";
import { fired, Play, replay, resolved } from "./gatherHelp.ts";

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const RACK_7 = range(7 * 48, 8 * 48);
/** A rack that loses power at 0: its machines are polled over ten seconds, and fire 30 s after their first silence. */
const rackDown = (indexes: readonly number[]): LogEvent[] => indexes.map((index) => fired(index, 30_000 + (index % 48) * 200));

describe("where an incident stands", () => {
  it("is the rack that lost power, told once within 60 s, and once when it returns", () => {
    const play = new Play().run(rackDown(RACK_7.slice(0, 46)), 120_000);
    expect(play.told()).toEqual(["opened rack B07"]);
    expect(play.effects[0].atMs).toBeLessThanOrEqual(55_000);
    const [incident] = play.gatherer.state.incidents;
    expect(explanationOf(incident)).toBe("46 of 48 miners in rack B07 became unreachable within 9 s");
    expect(incident).toMatchObject({ severity: "critical", openedAtMs: 30_000 });
    expect(incident.placement.map(({ kind, changedCount }) => [kind, changedCount])).toEqual([["site", 46], ["subnet", 46], ["rack", 46]]); // prettier-ignore
    play.run(RACK_7.slice(0, 46).map((index) => resolved(index, 600_000 + index * 10)), 800_000); // prettier-ignore
    expect(play.told()).toEqual(["opened rack B07", "closed rack B07"]);
  });

  it("is the site that goes dark machine by machine over 90 s, in at most three messages", () => {
    const fleet = 10_000;
    const dark = range(0, fleet).map((index) => fired(index, 30_000 + Math.floor(index * 9) + (index % 10) * 1000, { fleet }));
    const play = new Play().run(dark, 300_000);
    expect(play.told()).toEqual(["opened site Pecos"]);
    expect(play.gatherer.state.incidents).toHaveLength(1);
    expect(play.gatherer.state.incidents[0].members).toHaveLength(fleet);
    play.run(range(0, fleet).map((index) => resolved(index, 400_000 + index * 9)), 700_000); // prettier-ignore
    expect(play.told()).toEqual(["opened site Pecos", "closed site Pecos"]);
  });

  it("is each machine by itself where nothing connects them", () => {
    const alone = range(0, 30).map((i) => fired(i * 16, 60_000 + i * 120_000));
    const play = new Play().run(alone, 4_000_000);
    expect(play.told()).toHaveLength(30);
    expect(new Set(play.told().map((text) => text.split(" ")[1]))).toEqual(new Set(["miner"]));
  });

  it("says of a machine what was seen of its cause, not of what fired last", () => {
    const fan = fired(300, 30_000, { ruleId: "fanStopped", cause: "fanStopped", family: "heat", detail: "fans at 0, 6840 rpm" });
    const hot = fired(300, 90_000, { ruleId: "hotNeighbours", cause: "hotNeighbours", family: "heat", detail: "8.7 deviations, limit 4.0 deviations" }); // prettier-ignore
    const [incident] = new Play().run([fan, hot], 200_000).gatherer.state.incidents;
    expect(explanationOf(incident)).toBe("miner 300 has a fan that stopped: fans at 0, 6840 rpm");
    expect(presentIncident(incident, 200_000).members[0].detail).toBe("fans at 0, 6840 rpm; 8.7 deviations, limit 4.0 deviations");
  });

  it("is two racks where two went, and a machine elsewhere stands for itself", () => {
    const play = new Play().run([...rackDown(RACK_7), ...rackDown(range(48, 96)), fired(300, 33_000)], 200_000);
    expect(play.told().sort()).toEqual(["opened miner miner 300", "opened rack B01", "opened rack B07"]);
  });

  it("is a switch that a user has named, where it holds what changed", () => {
    const onSwitch = range(0, 24).map((index) => {
      const event = fired(index * 2, 30_000);
      return { ...event, nodes: [...event.nodes, { kind: "switch" as const, id: "n1", name: "sw-1", minerCount: 24 }] };
    });
    expect(new Play().run(onSwitch, 100_000).told()).toEqual(["opened switch sw-1"]);
  });

  it("is the agent for what the agent did, and never for what its miners did", () => {
    const play = new Play().run([agentFired("pecos-1", 2000)], 100_000);
    expect(play.told()).toEqual(["opened agent pecos-1"]);
    expect(explanationOf(play.gatherer.state.incidents[0])).toBe("Agent pecos-1 is silent; its 2,000 miners are unknown");
    expect(new Play().run([agentFired("pecos-1", 2000), agentFired("pecos-2", 1000)], 100_000).told()).toEqual(["opened site Pecos"]);
  });

  it("is the site where one agent polls all of it, no graver than what the agent did", () => {
    const play = new Play().run([agentFired("pecos-1", 3000)], 100_000);
    expect(play.told()).toEqual(["opened site Pecos"]);
    expect(explanationOf(play.gatherer.state.incidents[0])).toBe(
      "Agent pecos-1 is silent; its 3,000 miners, all of site Pecos, are unknown",
    );
    const behind = agentFired("pecos-1", 3000, { ruleId: "agentBehind", cause: "agentBehind", severity: "warning", detail: "11 min" });
    const late = new Play().run([behind], 100_000).gatherer.state.incidents[0];
    expect([late.severity, explanationOf(late)]).toEqual(["warning", "Agent pecos-1 delivers late: 11 min"]);
  });
});

/** An agent of the site of 3,000 miners is silent, or has what `fields` say. */
function agentFired(id: string, minerCount: number, fields: Partial<FiredEvent> = {}): LogEvent {
  return fired(0, 30_000, {
    ...{ ruleId: "agentDown", cause: "agentDown", family: "agent", severity: "critical" },
    subject: { kind: "agent", id, name: id, address: null, siteId: "s1", minerCount },
    nodes: [
      { kind: "site", id: "s1", name: "Pecos", minerCount: 3000 },
      { kind: "agent", id, name: id, minerCount },
    ],
    ...fields,
  });
}

describe("an incident over time", () => {
  it("moves up when the cause turns out larger, keeps one number and closes once", () => {
    const fleet = 144;
    const first = range(0, 48).map((index) => fired(index, 30_000, { fleet }));
    const rest = range(48, 144).map((index) => fired(index, 70_000, { fleet }));
    const play = new Play().run([...first, ...rest], 150_000);
    expect(play.told()).toEqual(["opened rack B00", "changed scopeUp site Pecos"]);
    expect(play.gatherer.state.incidents).toHaveLength(1);
    play.run(range(0, 144).map((index) => resolved(index, 200_000)), 400_000); // prettier-ignore
    expect(play.told().at(-1)).toBe("closed site Pecos");
  });

  it("takes in racks that were told apart, without telling of their ends", () => {
    const fleet = 192;
    const rackAt = (rack: number, atMs: number) => range(rack * 48, rack * 48 + 48).map((index) => fired(index, atMs, { fleet }));
    const play = new Play().run([...rackAt(0, 30_000), ...rackAt(1, 75_000), ...rackAt(2, 120_000)], 180_000);
    expect(play.told()).toEqual(["opened rack B00", "opened rack B01", "changed scopeUp site Pecos"]);
    const [incident, ...others] = play.gatherer.state.incidents;
    expect(others).toEqual([]);
    expect(incident.members).toHaveLength(144);
    const [ended] = play.effects.filter(({ kind }) => kind === "closed");
    expect(ended.incident).toMatchObject({ id: "i2", mergedIntoId: "i1" });
  });

  it("takes late members in and lets early ones go without a word", () => {
    const play = new Play().run(rackDown(RACK_7.slice(0, 40)), 100_000);
    play.run([fired(RACK_7[45], 130_000), resolved(RACK_7[0], 140_000)], 200_000);
    expect(play.told()).toEqual(["opened rack B07"]);
    const [incident] = play.gatherer.state.incidents;
    expect(incident.members).toHaveLength(41);
    expect(incident.members.filter(({ leftAtMs }) => leftAtMs !== null)).toHaveLength(1);
  });

  it("does not hide a machine behind what is left of an old incident", () => {
    const play = new Play().run(rackDown(RACK_7), 100_000);
    play.run(RACK_7.slice(1).map((index) => resolved(index, 200_000)), 300_000); // prettier-ignore
    play.run([fired(RACK_7[20], 9_000_000)], 9_200_000);
    expect(play.told()).toEqual(["opened rack B07", `opened miner miner ${RACK_7[20]}`]);
  });

  it("is one for a board that comes and goes every 40 s for an hour, and says so", () => {
    const board = { ruleId: "boardDead", cause: "boardDead", family: "hash" as const };
    const events: LogEvent[] = [
      fired(5, 60_000, { ...board, flapping: false }),
      resolved(5, 80_000, "boardDead"),
      fired(5, 140_000, { ...board, flapping: true }),
      resolved(5, 4_000_000, "boardDead"),
    ];
    const play = new Play().run(events, 3_600_000);
    expect(play.gatherer.state.incidents[0].members[0].last.flapping).toBe(true);
    expect(play.run(events.slice(3), 4_200_000).told()).toEqual(["opened miner miner 5", "closed miner miner 5"]);
  });

  it("gathers what one fault brings about, and keeps another family apart", () => {
    const low = { ruleId: "low", cause: "lowHashrate", family: "hash" as const };
    const hijack = { ruleId: "pool", cause: "poolOutside", family: "hijack" as const, severity: "critical" as const };
    const play = new Play().run([fired(3, 60_000, { ruleId: "board", cause: "boardDead", family: "hash" }), fired(3, 300_000, low), fired(3, 301_000, hijack)], 400_000); // prettier-ignore
    expect(play.told()).toEqual(["opened miner miner 3", "opened miner miner 3"]);
    expect(play.gatherer.state.incidents.map(({ members }) => members[0].alerts.map(({ cause }) => cause))).toEqual([
      ["boardDead", "lowHashrate"],
      ["poolOutside"],
    ]);
  });

  it("tells of a restart of one machine only when it lasts", () => {
    expect(new Play().run([fired(3, 30_000), resolved(3, 70_000)], 300_000).told()).toEqual([]);
    expect(new Play().run([fired(3, 30_000)], 300_000).told()).toEqual(["opened miner miner 3"]);
  });

  it("rises in severity with its members and says so once", () => {
    const hot = { ruleId: "hot", cause: "chipTemp", family: "heat" as const };
    const play = new Play().run([fired(3, 30_000, hot), fired(3, 90_000, { ...hot, ruleId: "hotter", severity: "critical" })], 200_000);
    expect(play.told()).toEqual(["opened miner miner 3", "changed severityUp miner miner 3"]);
  });

  it("counts what is lost: rate times time", () => {
    const play = new Play().run(rackDown(RACK_7), 60_000);
    const [{ id }] = play.gatherer.state.incidents;
    play.run([{ type: "loss", atMs: 61_000, lossHs: { [id]: 4e15 } }, { type: "loss", atMs: 71_000, lossHs: { [id]: 1e15 } }], 72_000); // prettier-ignore
    expect(play.gatherer.state.incidents[0]).toMatchObject({ lossHs: 1e15, lostHashes: 4e16 });
  });
});

describe("people and quiet windows", () => {
  const open = (): { play: Play; incidentId: string } => {
    const play = new Play().run(rackDown(RACK_7), 60_000);
    return { play, incidentId: play.gatherer.state.incidents[0].id };
  };

  it("keeps who acknowledged, assigned, snoozed and noted what", () => {
    const { play, incidentId } = open();
    const by = "anna";
    const acts: LogEvent[] = [
      { type: "acknowledge", atMs: 61_000, incidentId, by },
      { type: "assign", atMs: 62_000, incidentId, by, assignee: "bert" },
      { type: "snooze", atMs: 63_000, incidentId, by, untilMs: 100_000 },
      { type: "note", atMs: 64_000, incidentId, by, text: "Feed A tripped" },
    ];
    play.run(acts, 70_000);
    const [incident] = play.gatherer.state.incidents;
    expect(incident).toMatchObject({ state: "acknowledged", acknowledgedBy: by, assignee: "bert", snoozedUntilMs: 100_000 });
    expect(incident.notes).toEqual([{ atMs: 64_000, by, text: "Feed A tripped" }]);
    expect(incident.timeline.map(({ kind }) => kind)).toEqual(["opened", "acknowledged", "assigned", "snoozed", "noted"]);
    play.run([], 101_000);
    expect(incident.snoozedUntilMs).toBeNull();
    expect(play.told()).toEqual(["opened rack B07"]);
  });

  it("is resolved by a person, and does not open again for alerts that still fire", () => {
    const { play, incidentId } = open();
    play.run([{ type: "resolve", atMs: 61_000, incidentId, by: "anna" }], 400_000);
    expect(play.told()).toEqual(["opened rack B07", "closed rack B07"]);
    expect(play.gatherer.state.incidents).toEqual([]);
  });

  it("is recorded and marked while a window covers it, and told when the window ends before it does", () => {
    const play = new Play().run(RACK_7.map((index) => fired(index, 30_000, { quiet: "maintenance" })), 60_000); // prettier-ignore
    expect(play.gatherer.state.incidents[0]).toMatchObject({ quiet: "maintenance", untold: true });
    play.run(RACK_7.map((index) => ({ type: "quiet", atMs: 90_000, subjectId: `m${index}`, quiet: null })), 95_000); // prettier-ignore
    expect(play.gatherer.state.incidents[0]).toMatchObject({ quiet: null, untold: false });
    expect(play.told()).toEqual(["opened rack B07", "opened rack B07"]);
  });
});

describe("the log", () => {
  it("gives the same incidents again, also where it is stopped and read back at any place", () => {
    const storm = [...rackDown(RACK_7), ...rackDown(range(48, 96)), fired(300, 33_000), fired(301, 250_000)];
    const hot = range(100, 130).map((index) => fired(index, 40_000 + index * 100, { ruleId: "hot", cause: "chipTemp", family: "heat" }));
    const back = [...RACK_7, 300].map((index) => resolved(index, 200_000 + index * 50));
    const again = [fired(RACK_7[3], 231_000, { flapping: true })];
    const acts: LogEvent[] = [{ type: "acknowledge", atMs: 100_000, incidentId: "i1", by: "anna" }, { type: "snooze", atMs: 101_000, incidentId: "i2", by: "anna", untilMs: 150_000 }]; // prettier-ignore
    const { log } = new Play().run([...storm, ...hot, ...back, ...again, ...acts], 500_000);
    const once = replay(log);
    expect(once.effects.length).toBeGreaterThan(10);
    expect(replay(log)).toEqual(once);
    expect(replay(log, 1)).toEqual(once);
    expect(replay(log, 7)).toEqual(once);
  });
});
