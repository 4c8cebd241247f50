import type { Answer, Client } from "../../agent/cgminer/client.ts";

const REFUSED = '{"STATUS":[{"STATUS":"E","When":1,"Code":14,"Msg":"Invalid command","Description":"cgminer 1.0.0"}],"id":1}';

export interface CountingClient extends Client {
  /** Requests that went over the wire. */
  readonly sentCount: number;
}

/**
 * The agent's own client, reduced to what the figures on polling ask: one `stats` a poll. Who the machine is goes over the wire as well, once, in the
 * first poll; every other command is refused from memory as firmware refuses what it does not know, so that the poller asks for it no more.
 * BOSminer has no `stats`: its `summary` takes the place.
 */
export function oneStatsClient(client: Client): CountingClient {
  const withoutStats = new Set<string>();
  let sentCount = 0;
  return {
    get sentCount() {
      return sentCount;
    },
    get askingCount() {
      return client.askingCount;
    },
    reader: client.reader,
    close: () => client.close(),
    ask(question, done) {
      const { address, request } = question;
      const isVersion = request.includes('"version"');
      if (!isVersion && !request.includes(withoutStats.has(address) ? '"summary"' : '"stats"')) return refuse(done);
      sentCount++;
      if (!isVersion) return client.ask(question, done);
      return client.ask(question, (answer) => {
        if (answer.ok && answer.text.includes("BOSminer")) withoutStats.add(address);
        done(answer);
      });
    },
  };
}

function refuse(done: (answer: Answer) => void): { abort(): void } {
  const pending = setImmediate(() => done({ ok: true, text: REFUSED }));
  return { abort: () => clearImmediate(pending) };
}
