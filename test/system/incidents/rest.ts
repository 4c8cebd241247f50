import { syncBuiltinESMExports } from "node:module";
import { performance } from "node:perf_hooks";
import zlib from "node:zlib";

/**
 * Tells when the I/O of this process has come to rest. Sockets on loopback are seen by the events of the event loop. What goes to another thread and comes
 * back later is counted while it is away: compression here, calls of the store and of the outbox by `countCalls`. Import it before what compresses.
 */

/** Turns of the event loop without any event: what one socket writes, another has to read within them. */
const QUIET_TURNS = 3;

let awayCount = 0;
const whenBack: (() => void)[] = [];

/** Resolves once nothing is away and nothing happens any more. */
export async function atRest(): Promise<void> {
  for (let quietTurns = 0; quietTurns < QUIET_TURNS;) {
    const eventCount = performance.nodeTiming.uvMetricsInfo.events;
    await new Promise((resolve) => setImmediate(resolve));
    if (awayCount > 0) await new Promise<void>((resolve) => whenBack.push(resolve));
    else if (performance.nodeTiming.uvMetricsInfo.events === eventCount) {
      quietTurns++;
      continue;
    }
    quietTurns = 0;
  }
}

type Asynchronous = (...args: never[]) => Promise<unknown>;

/** Counts the calls of these methods as away until they are settled. */
export function countCalls<K extends string>(prototype: Record<K, Asynchronous>, names: readonly K[]): void {
  for (const name of names) {
    const method = prototype[name];
    prototype[name] = function (this: unknown, ...args: never[]) {
      const back = goAway();
      const result = method.apply(this, args);
      result.then(back, back);
      return result;
    };
  }
}

function goAway(): () => void {
  awayCount++;
  return () => {
    awayCount--;
    for (const resolve of whenBack.splice(0)) resolve();
  };
}

type Compress = (bytes: zlib.InputType, options: zlib.ZlibOptions, done: zlib.CompressCallback) => void;

function counted(compress: Compress): Compress {
  return (bytes, options, done) => {
    const back = goAway();
    compress(bytes, options, (error, result) => {
      back();
      done(error, result);
    });
  };
}

Object.assign(zlib, { deflateRaw: counted(zlib.deflateRaw), inflateRaw: counted(zlib.inflateRaw) });
syncBuiltinESMExports();
