/* eslint-disable @typescript-eslint/no-explicit-any -- the calls of a class are typed by the class itself, whatever their arguments are */
import { Worker } from "node:worker_threads";
import { StoreError } from "../../errors.ts";

/** Requests and answers between the main thread and the store's threads. */
export interface WorkerSetup {
  role: "writer" | "reader";
  dataDir: string;
}
export interface Request {
  id: number;
  name: string;
  argument: unknown;
}
type Reply =
  | { type: "ready" }
  | { type: "failed"; message: string }
  | { type: "foreignChange" }
  | { type: "value"; id: number; value: unknown }
  | { type: "error"; id: number; kind: "RangeError" | "StoreError"; message: string };

/** Runs a request on its target and makes the reply. */
export async function answer(target: object, request: Request, translate: (error: unknown) => unknown): Promise<Reply> {
  const { id, name, argument } = request;
  try {
    const method = (target as Record<string, unknown>)[name];
    if (typeof method !== "function") throw new RangeError(`The store has no call ${name}`);
    const value: unknown = await (method as (argument: unknown) => unknown).call(target, argument);
    return { type: "value", id, value };
  } catch (error) {
    const cause = translate(error);
    const message = cause instanceof Error ? cause.message : String(cause);
    return { type: "error", id, kind: cause instanceof RangeError ? "RangeError" : "StoreError", message };
  }
}

type Calls<T> = {
  [K in keyof T as T[K] extends (...args: any[]) => any ? K : never]: T[K] extends (argument: infer A) => infer R ? [A, Awaited<R>] : never;
};

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

const CALL_TIMEOUT_MS = 30_000;
const START_TIMEOUT_MS = 120_000;

/** One thread of the store as seen from the main thread; T is the class that answers there. */
export class StoreThread<T> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #setup: WorkerSetup;
  readonly #onForeignChange: () => void;
  #nextId = 1;
  #failure: StoreError | null = null;
  #onStart: (failure: StoreError | null) => void = () => undefined;
  #onEnd: (failure: StoreError) => void = () => undefined;

  private constructor(url: URL, setup: WorkerSetup, onForeignChange: () => void) {
    this.#setup = setup;
    this.#onForeignChange = onForeignChange;
    this.#worker = new Worker(url, { workerData: setup, name: `store-${setup.role}`, execArgv: [] }); // flags of the main script are not for it
    this.#worker.on("message", (reply: Reply) => this.#take(reply));
    this.#worker.on("error", (error) =>
      this.#fail(new StoreError(`The store's ${setup.role} thread failed: ${error.message}`, { cause: error })),
    );
    this.#worker.on("exit", () => this.#fail(new StoreError(`The store's ${setup.role} thread has ended`)));
  }

  /** Resolves when the database is open; rejects (StoreError) when it cannot be opened. */
  static async start<T>(url: URL, setup: WorkerSetup, onForeignChange: () => void = () => undefined): Promise<StoreThread<T>> {
    const thread = new StoreThread<T>(url, setup, onForeignChange);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new StoreError(`The store's ${setup.role} thread did not start`));
        void thread.#worker.terminate();
      }, START_TIMEOUT_MS);
      thread.#onStart = (failure) => {
        clearTimeout(timer);
        if (failure === null) resolve();
        else reject(failure);
      };
    });
    return thread;
  }

  /** Calls a method of T over there. Rejects with StoreError, or RangeError for an argument that makes no sense. */
  call<K extends keyof Calls<T> & string>(
    name: K,
    argument: Calls<T>[K][0],
    { transfer = [], timeoutMs = CALL_TIMEOUT_MS }: { transfer?: ArrayBuffer[]; timeoutMs?: number } = {},
  ): Promise<Calls<T>[K][1]> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new StoreError(`The store's ${this.#setup.role} thread did not answer ${name} in ${timeoutMs} ms`));
      }, timeoutMs);
      this.#waiting.set(id, { resolve: resolve, reject, timer });
      this.#worker.postMessage({ id, name, argument } satisfies Request, transfer);
    });
  }

  /** Tells when the thread has ended, however it ended, and why. Tells at once where it has ended already. */
  onEnd(listener: (failure: StoreError) => void): void {
    this.#onEnd = listener;
    if (this.#failure !== null) listener(this.#failure);
  }

  async close(): Promise<void> {
    if (this.#failure !== null) return;
    const ended = new Promise((resolve) => this.#worker.once("exit", resolve));
    await this.call("close" as never, undefined);
    await ended;
  }

  #take(reply: Reply): void {
    if (reply.type === "ready") this.#onStart(null);
    else if (reply.type === "failed") this.#fail(new StoreError(reply.message));
    else if (reply.type === "foreignChange") this.#onForeignChange();
    else this.#settle(reply);
  }

  #settle(reply: Extract<Reply, { id: number }>): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    this.#waiting.delete(reply.id);
    clearTimeout(waiting.timer);
    if (reply.type === "value") waiting.resolve(reply.value);
    else waiting.reject(reply.kind === "RangeError" ? new RangeError(reply.message) : new StoreError(reply.message));
  }

  #fail(failure: StoreError): void {
    if (this.#failure !== null) return;
    this.#failure = failure;
    this.#onStart(failure);
    this.#onEnd(failure);
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(failure);
    }
    this.#waiting.clear();
  }
}
