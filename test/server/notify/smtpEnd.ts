import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext, TLSSocket } from "node:tls";
import { onTestFinished } from "vitest";

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate for localhost that signs itself. */
export function selfSigned(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "hashwatch-test-"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  try {
    const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
    execFileSync("openssl", ["req", "-x509", ...curve, "-nodes", "-days", "2", ...names, "-keyout", key, "-out", cert], {
      stdio: "ignore",
    });
    return { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface SmtpOptions extends Certificate {
  readonly security: "tls" | "starttls" | "none";
  readonly username: string;
  readonly password: string;
}

/** An SMTP server on localhost that takes mail from who has signed in, as much of one as a client needs. */
export class SmtpEnd {
  /** What it was told, with how it came: "tls EHLO", "plain MAIL". */
  readonly commands: string[] = [];
  readonly mails: string[] = [];
  port = 0;
  readonly #options: SmtpOptions;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((socket) => {
    this.#sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => this.#sockets.delete(socket));
    if (this.#options.security === "tls") this.#greet(this.#secure(socket));
    else this.#greet(socket);
  });

  private constructor(options: SmtpOptions) {
    this.#options = options;
  }

  static async open(options: SmtpOptions): Promise<SmtpEnd> {
    const end = new SmtpEnd(options);
    await new Promise<void>((resolve) => end.#server.listen(0, "localhost", resolve));
    end.port = (end.#server.address() as AddressInfo).port;
    onTestFinished(() => end.#close());
    return end;
  }

  async #close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #secure(socket: Socket): TLSSocket {
    const secure = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(this.#options) });
    return secure.on("error", () => undefined);
  }

  #greet(socket: Socket): void {
    socket.write("220 far end\r\n");
    this.#serve(socket);
  }

  #serve(socket: Socket): void {
    const isSecure = socket instanceof TLSSocket;
    let waiting = "";
    let mail: string[] | null = null;
    const command = (line: string): void => {
      const word = line.split(" ", 1)[0].toUpperCase();
      this.commands.push(`${isSecure ? "tls" : "plain"} ${word}`);
      if (word === "DATA") mail = [];
      socket.write(`${this.#answer(word, line, isSecure)}\r\n`);
      if (word === "STARTTLS" && this.#options.security === "starttls") {
        socket.removeAllListeners("data");
        this.#serve(this.#secure(socket));
      }
    };
    const take = (line: string): void => {
      if (line !== ".") {
        mail?.push(line);
        return;
      }
      this.mails.push(mail?.join("\n") ?? "");
      mail = null;
      socket.write("250 taken\r\n");
    };
    socket.on("data", (chunk: Buffer) => {
      const lines = (waiting + chunk.toString()).split("\r\n");
      waiting = lines.pop() ?? "";
      for (const line of lines) (mail === null ? command : take)(line);
    });
  }

  #answer(word: string, line: string, isSecure: boolean): string {
    const { security, username, password } = this.#options;
    switch (word) {
      case "EHLO":
        return ["250-far end", ...(security === "starttls" && !isSecure ? ["250-STARTTLS"] : []), "250 AUTH PLAIN"].join("\r\n");
      case "STARTTLS":
        return security === "starttls" ? "220 go on" : "502 5.5.1 not known";
      case "AUTH": {
        const isRight = Buffer.from(line.split(" ")[2] ?? "", "base64").toString() === `\0${username}\0${password}`;
        return isRight ? "235 welcome" : "535 5.7.8 The password is wrong, said the far end";
      }
      case "DATA":
        return "354 go on";
      case "QUIT":
        return "221 bye";
      default:
        return "250 ok";
    }
  }
}
