import Uppy from "@uppy/core";
import XHRUpload from "@uppy/xhr-upload";
import Dropzone from "dropzone";
import * as FilePond from "filepond";
import * as tus from "tus-js-client";

const { words: w } = window;
const bytes = (n, k) => Uint8Array.from({ length: n }, (_, i) => (i * 2654435761 + k * 40503) >>> 11);
const files = () => [new File(["\x89PNG\r\n\x1a\n", bytes(300, 1)], `IMG ${w.ids[0]} (1).png`, { type: "image/png" }), new File(["%PDF-1.7\n%âãÏÓ\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", bytes(200, 2)], `${w.names[0]} – CV.pdf`, { type: "application/pdf" }), new File([`name;city\n${w.names[1]};${w.cities[1]}\n"quoted ""x""";=A1+B1\n`], "list.csv", { type: "text/csv" })];
Dropzone.autoDiscover = false;
window.act = async () => {
  const uppy = new Uppy({ meta: { album: w.products[0], caption: w.prose[0] } }).use(XHRUpload, { endpoint: "https://up.example/uppy", fieldName: "files[]", formData: true, bundle: false });
  for (const f of files()) uppy.addFile({ name: f.name, type: f.type, data: f });
  await uppy.upload().catch(() => {});
  const zone = new Dropzone("#zone", { url: "https://up.example/dropzone", paramName: "photo", params: { _token: w.uuids[0], folder: "Kunden/Größe M" }, chunking: false, uploadMultiple: false });
  for (const f of files()) zone.addFile(f);
  const chunked = new Dropzone("#zone2", { url: "https://up.example/dropzone/chunk", chunking: true, forceChunking: true, chunkSize: 180, parallelUploads: 1 });
  chunked.addFile(files()[0]);
  const pond = FilePond.create(document.querySelector("#pond"), { server: { url: "https://up.example/filepond", process: "/process", revert: "/revert", patch: "/patch/" }, name: "filepond", allowMultiple: true });
  pond.addFiles(files()).catch(() => {});
  for (const f of files()) await new Promise((done) => new tus.Upload(f, { endpoint: "https://up.example/tus/files/", chunkSize: 256, retryDelays: null, storeFingerprintForResuming: false, metadata: { filename: f.name, filetype: f.type, note: w.prose[1] }, onError: done, onSuccess: done }).start());
  for (const f of files()) {
    const form = new FormData();
    form.append("key", `uploads/${w.uuids[0]}/\${filename}`);
    form.append("policy", btoa(JSON.stringify({ expiration: w.times[0], conditions: [{ bucket: "media" }, ["starts-with", "$key", "uploads/"], ["content-length-range", 0, 10485760]] })));
    form.append("x-amz-credential", `AKIAEXAMPLE/20261125/eu-central-1/s3/aws4_request`);
    form.append("x-amz-signature", w.uuids.join("").replaceAll("-", "").slice(0, 64));
    form.append("file", f);
    await fetch("https://media.s3.example/", { method: "POST", body: form, mode: "no-cors" });
    await fetch(`https://media.s3.example/uploads/${encodeURIComponent(f.name)}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAEXAMPLE%2F20261125%2Feu-central-1%2Fs3%2Faws4_request&X-Amz-Date=20261125T101500Z&X-Amz-Expires=900&X-Amz-SignedHeaders=content-type%3Bhost&X-Amz-Signature=${w.uuids[1].replaceAll("-", "").repeat(2)}`, { method: "PUT", body: f });
    await fetch("https://up.example/raw?uploadType=media", { method: "POST", body: f, headers: { "X-File-Name": encodeURIComponent(f.name) } });
  }
  await new Promise((r) => setTimeout(r, 400));
};
