import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A throw-away certificate: Chromium sends `sec-ch-ua`, `Sec-Fetch-*` and `br, zstd` only to secure origins.
 * @param {string} folder to write into
 */
export function certificate(folder) {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  try {
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=capture.example", "-addext", "subjectAltName=DNS:*.example", "-keyout", key, "-out", cert], { stdio: "pipe" });
  } catch (cause) {
    throw new Error("openssl did not make a certificate: install it (apt-get install openssl)", { cause });
  }
  return { key: readFileSync(key), cert: readFileSync(cert) };
}
