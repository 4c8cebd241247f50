/** Control characters, and those that turn the direction of what follows. */
// eslint-disable-next-line no-control-regex -- these are the ones meant
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Text from a miner or a person as it can be shown: what would not be seen, or would garble its surroundings, becomes a sign that is seen. */
export function plainText(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = character.charCodeAt(0);
    return code < 32 ? String.fromCharCode(0x2400 + code) : "\ufffd";
  });
}
