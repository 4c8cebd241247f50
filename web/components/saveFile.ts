/** Hands a text to the reader as a file, made in this browser. */
export function saveFile(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser holds what it has begun to save.
  URL.revokeObjectURL(url);
}
