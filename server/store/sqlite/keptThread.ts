import { StoreError } from "../../errors.ts";
import { StoreThread, type WorkerSetup } from "./calls.ts";

const FIRST_RESTART_MS = 500;
const LAST_RESTART_MS = 30_000;

interface Setup extends WorkerSetup {
  url: URL;
  onForeignChange?: () => void;
  /** Hears each failure: of the running thread, and of each attempt to start it again. */
  onFailure: (failure: StoreError) => void;
}

/**
 * A thread of the store that is started again when it dies. What was asked of the dead one, and what is asked until the next is up, is refused with
 * StoreError: an append that is refused is not acknowledged, so the agent sends it again, and its sequence number tells whether it was stored.
 */
export class KeptThread<T> {
  readonly #setup: Setup;
  #thread: StoreThread<T>;
  #restart: NodeJS.Timeout | null = null;
  #starting: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(setup: Setup, thread: StoreThread<T>) {
    this.#setup = setup;
    this.#thread = thread;
    this.#watch();
  }

  /** Rejects (StoreError) when the database cannot be opened: a first start is not tried again. */
  static async start<T>(setup: Setup): Promise<KeptThread<T>> {
    return new KeptThread<T>(setup, await begin<T>(setup));
  }

  call: StoreThread<T>["call"] = (name, argument, options) => this.#thread.call(name, argument, options);

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    await this.#starting;
    await this.#thread.close();
  }

  #watch(): void {
    this.#thread.onEnd((failure) => {
      if (!this.#closed) this.#startAgain(failure, FIRST_RESTART_MS);
    });
  }

  #startAgain(failure: StoreError, delayMs: number): void {
    this.#setup.onFailure(failure);
    this.#restart = setTimeout(() => {
      this.#starting = begin<T>(this.#setup).then(
        (thread) => {
          this.#thread = thread;
          this.#watch();
        },
        (error: unknown) => {
          if (!this.#closed) this.#startAgain(storeError(error), Math.min(2 * delayMs, LAST_RESTART_MS));
        },
      );
    }, delayMs);
  }
}

function begin<T>({ url, role, dataDir, onForeignChange }: Setup): Promise<StoreThread<T>> {
  return StoreThread.start<T>(url, { role, dataDir }, onForeignChange);
}

function storeError(error: unknown): StoreError {
  return error instanceof StoreError ? error : new StoreError(String(error), { cause: error });
}
