/** Control characters, and those that turn the direction of what follows. */
// eslint-disable-next-line no-control-regex -- these are the ones meant
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** As plainText, but line breaks and tabs stay. */
export function plainLines(text: string): string {
  return text
    .split(/(\r?\n|\t)/)
    .map((part, index) => (index % 2 === 1 ? part : plainText(part)))
    .join("");
}

/** Text from a miner or a person as it can be shown: what would not be seen, or would garble its surroundings, becomes a sign that is seen. */
export function plainText(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = character.charCodeAt(0);
    return code < 32 ? String.fromCharCode(0x2400 + code) : "\ufffd";
  });
}
