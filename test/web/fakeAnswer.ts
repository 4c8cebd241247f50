/** An answer of the fake server. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export const ok = (body: unknown, status = 200): Answer => ({ status, body });
export const list = (items: readonly unknown[]): Answer => ok({ items, nextCursor: null, totalCount: items.length });
export const refused = (status: number, detail: string, field?: string): Answer => ({
  status,
  body: { type: "about:blank", title: "Refused", status, detail, field },
});
