/** Six pairs of hex digits in lower case with colons; null for anything else, and for the addresses that mean none. */
export function normalizeMac(text: string): string | null {
  const digits = text.trim().toLowerCase().replaceAll(/[:-]/g, "");
  if (!/^[0-9a-f]{12}$/.test(digits) || /^(0{12}|f{12})$/.test(digits)) return null;
  return (digits.match(/../g) ?? []).join(":");
}
