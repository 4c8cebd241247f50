/** Server time in steps of a second, for the ages on the page: all of them move together. Runs only while somebody looks. */
export class SecondClock {
  #listeners = new Set<() => void>();
  #timer: number | undefined;
  #nowMs: number;
  readonly #read: () => number;

  constructor(read: () => number) {
    this.#read = read;
    this.#nowMs = read();
  }

  subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size === 0) this.#start();
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) window.clearInterval(this.#timer);
    };
  };

  nowMs = (): number => this.#nowMs;

  #start(): void {
    this.#nowMs = this.#read();
    this.#timer = window.setInterval(() => {
      this.#nowMs = this.#read();
      for (const listener of this.#listeners) listener();
    }, 1000);
  }
}
