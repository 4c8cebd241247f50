const SECRET_FIELD = /("[^"]*(?:pass|pwd|pool\dpw|secret|token)[^"]*"\s*:\s*)("(?:[^"\\]|\\.)*(?:"|\\?$)|[^,}\]\s]+)/gi;
const SECRET_TEXT_FIELD = /((?:^|[,|])(?:Pass|Password|Pwd)=)[^,|]*/gi;
const URL_PASSWORD = /(:\/\/[^/@:"\s]*):[^@/"\s]*@/g;

/** A raw reply without passwords: values of fields named like one, and passwords inside URLs. Works on replies that are cut or malformed. */
export function withoutPasswords(text: string): string {
  return text.replace(SECRET_FIELD, '$1"***"').replace(SECRET_TEXT_FIELD, "$1***").replace(URL_PASSWORD, "$1:***@");
}

const TEXT_FIELD = /"([^"]*)"(\s*:\s*)"((?:[^"\\]|\\.)*)("|$)/g;
const USER_FIELD = /^(?:user|worker|url|stratum url|hostname|location)$/i;
const ADDRESS_FIELD =
  /^(?:ip|ipaddr|ipaddress|bcastaddr|gateway|netmask|dns.*|mac|macaddr.*|.*serial.*|chain_?sn\d*|sn|asicid|miner_?id)$/i;

/**
 * Masks what a bug report must not give away: passwords, pool users, URLs, addresses, serial numbers. Equal values get equal masks, so that a
 * report still shows that two pools share a user. Only fields with such names are touched: "49.0.1.3" is a version, not an address.
 */
export function createAnonymiser(): (text: string) => string {
  const masks = new Map<string, string>();
  const mask = (kind: string, value: string): string => {
    const known = masks.get(value) ?? `${kind}-${masks.size + 1}`;
    masks.set(value, known);
    return known;
  };
  return (text) =>
    withoutPasswords(text).replace(TEXT_FIELD, (whole, key: string, colon: string, value: string, end: string) => {
      if (/^(?:|\*|devfee.*)$/i.test(value)) return whole;
      if (/url$/i.test(key)) return `"${key}"${colon}"${maskedUrl(value, mask)}${end}`;
      if (USER_FIELD.test(key)) return `"${key}"${colon}"${mask("user", value)}${end}`;
      return ADDRESS_FIELD.test(key) ? `"${key}"${colon}"${mask("address", value)}${end}` : whole;
    });
}

/** A pool's URL with its host masked; scheme, port and tail tell how a firmware writes them. */
function maskedUrl(url: string, mask: (kind: string, value: string) => string): string {
  return url.replace(
    /^([a-z\d+]*:\/\/)?(?:[^@/]*@)?([^:/#]+)/i,
    (_, scheme: string | undefined, host: string) => `${scheme ?? ""}${mask("host", host)}`,
  );
}
