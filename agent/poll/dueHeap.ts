/** What can wait in a DueHeap: `heapIndex` belongs to the heap, -1 while outside it. */
export interface Due {
  dueMs: number;
  heapIndex: number;
}

/** Binary heap by due time that knows where each item is, so that one can be moved or taken out without a search. */
export class DueHeap<T extends Due> {
  private readonly items: (T | undefined)[] = [];

  get first(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    this.items.push(item);
    this.rise(item, this.items.length - 1);
  }

  remove(item: T): void {
    const index = item.heapIndex;
    const last = this.items.pop();
    item.heapIndex = -1;
    if (last === undefined || last === item) return;
    this.sink(last, index);
    if (last.heapIndex === index) this.rise(last, index);
  }

  /** Gives an item another due time. */
  move(item: T, dueMs: number): void {
    this.remove(item);
    item.dueMs = dueMs;
    this.push(item);
  }

  private rise(item: T, from: number): void {
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.items[parentIndex];
      if (parent === undefined || parent.dueMs <= item.dueMs) break;
      this.place(parent, index);
      index = parentIndex;
    }
    this.place(item, index);
  }

  private sink(item: T, from: number): void {
    let index = from;
    for (;;) {
      const child = this.earlierChild(index);
      if (child === undefined || child.dueMs >= item.dueMs) break;
      const childIndex = child.heapIndex;
      this.place(child, index);
      index = childIndex;
    }
    this.place(item, index);
  }

  private earlierChild(index: number): T | undefined {
    const left = this.items[2 * index + 1];
    const right = this.items[2 * index + 2];
    return left !== undefined && right !== undefined && right.dueMs < left.dueMs ? right : left;
  }

  private place(item: T, index: number): void {
    this.items[index] = item;
    item.heapIndex = index;
  }
}
