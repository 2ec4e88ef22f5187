import { deflateRawSync, deflateSync } from "node:zlib";
import { Seed } from "./seed.mjs";

/** @param {Buffer} data */
function crc32(data) {
  let c = ~0;
  for (const b of data) {
    c ^= b;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return ~c >>> 0;
}

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** @param {Seed} seed @param {number} size in pixels, a square @returns {Buffer} a PNG of coloured noise */
export function png(seed, size = 16) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.concat(Array.from({ length: size }, () => Buffer.concat([Buffer.from([0]), seed.bytes(size * 3)])));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

/** @param {string} name @param {Buffer} data @returns {Buffer} a ZIP with one deflated file */
export function zip(name, data) {
  const packed = deflateRawSync(data);
  const file = Buffer.from(name);
  const part = Buffer.alloc(26);
  part.writeUInt16LE(20, 0);
  part.writeUInt16LE(8, 4);
  part.writeUInt32LE(0x5a215a21, 6);
  part.writeUInt32LE(crc32(data), 10);
  part.writeUInt32LE(packed.length, 14);
  part.writeUInt32LE(data.length, 18);
  part.writeUInt16LE(file.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), part, file, packed]);
  const central = Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), part, Buffer.alloc(14), file]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

/** @param {string} text of its one page @returns {Buffer} a small PDF */
export function pdf(text) {
  const shown = `BT /F1 12 Tf 72 720 Td (${text.replace(/[()\\]/g, "\\$&").slice(0, 60)}) Tj ET`;
  const packed = deflateSync(Buffer.from(shown));
  return Buffer.concat([
    Buffer.from("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n" +
      `3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>\nendobj\n4 0 obj\n<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`, "latin1"),
    packed,
    Buffer.from("\nendstream\nendobj\ntrailer\n<< /Root 1 0 R /Size 5 >>\nstartxref\n0\n%%EOF\n"),
  ]);
}

/** A file of every common kind, as people upload them. @param {string} name of the seed */
export function uploads(name) {
  const seed = new Seed(name);
  const csv = `id;name;"note, quoted"\r\n${seed.whole(1, 99)};O'Hara;"said ""hi"" & left"\r\n${seed.whole(1, 99)};Łucja;=B2*1.19\r\n`;
  const svg = `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24"><title>Icon</title><path fill="#${seed.hex(6)}" d="M12 2a10 10 0 1 0 0 20V2z"/></svg>\n`;
  const json = JSON.stringify({ version: 2, settings: { theme: "dark", "editor.tabSize": 4 }, items: [{ id: seed.whole(1, 999), tags: ["a b", "c&d"] }] }, null, 2);
  return [
    { name: `IMG_${seed.whole(1000, 9999)}.png`, type: "image/png", data: png(seed) },
    { name: "Lebenslauf_Müller (final).pdf", type: "application/pdf", data: pdf("Invoice 2026 - paid") },
    { name: "photos & docs.zip", type: "application/zip", data: zip("notes/read me.txt", Buffer.from("Packed on Tuesday.\n".repeat(9))) },
    { name: "export-2026.csv", type: "text/csv", data: Buffer.from(csv) },
    { name: "settings.json", type: "application/json", data: Buffer.from(json) },
    { name: "icon.svg", type: "image/svg+xml", data: Buffer.from(svg) },
    { name: "メモ.txt", type: "text/plain", data: Buffer.from("買い物: 牛乳、卵\nTel. 030/1234\n") },
    { name: "voice.webm", type: "audio/webm", data: Buffer.concat([Buffer.from("1a45dfa39f4286810142f7810142f2810442f381084282847765626d", "hex"), seed.bytes(600)]) },
  ];
}
