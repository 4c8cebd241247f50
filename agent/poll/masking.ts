const SECRET_FIELD = /("[^"]*(?:pass|pwd|secret|token)[^"]*"\s*:\s*)("(?:[^"\\]|\\.)*(?:"|\\?$)|[^,}\]\s]+)/gi;
const SECRET_TEXT_FIELD = /((?:^|[,|])(?:Pass|Password|Pwd)=)[^,|]*/gi;
const URL_PASSWORD = /(:\/\/[^/@:"\s]*):[^@/"\s]*@/g;

/** A raw reply without passwords: values of fields named like one, and passwords inside URLs. Works on replies that are cut or malformed. */
export function withoutPasswords(text: string): string {
  return text.replace(SECRET_FIELD, '$1"***"').replace(SECRET_TEXT_FIELD, "$1***").replace(URL_PASSWORD, "$1:***@");
}
