import "./sources.css";

import type { ReactNode } from "react";

import { bytes, count } from "@/lib/format";
import type { SourcePreview } from "@/lib/wire";
import { type Column, DataTable } from "@/ui/DataTable";
import { TimeText } from "@/ui/TimeText";

type Request = SourcePreview["requests"][number];
type File = SourcePreview["files"][number];

const REQUESTS: Column<Request>[] = [
  { key: "time", head: "Time", cell: ({ timestamp }) => <TimeText instant={timestamp} /> },
  { key: "ip", head: "Client", from: "sm", cell: ({ ip }) => ip },
  { key: "request", head: "Request", grow: true, cell: ({ method, endpoint }) => <code className="mono">{`${method} ${endpoint}`}</code> },
  { key: "status", head: "Status", align: "right", cell: ({ status }) => (status === 0 ? "–" : status) },
];

const FILES: Column<File>[] = [
  { key: "path", head: "File", grow: true, cell: ({ path }) => <span title={path}>{path}</span> },
  { key: "bytes", head: "Size", align: "right", from: "sm", cell: (file) => bytes(file.bytes) },
  { key: "state", head: "First lines", cell: ({ lines, parsed, problem }) => problem ?? `${count(parsed)} of ${count(lines)} are requests` },
];

/** What a source would read; `children` add it. */
export function PreviewOfSource({ preview, children }: { preview: SourcePreview; children: ReactNode }) {
  const { files, requests, problems } = preview;
  return (
    <section className="source-preview" aria-label="What it would read">
      <p>{summary(preview)}</p>
      {preview.reason !== null && <p className="muted">{preview.reason}</p>}
      {problems.length > 0 && (
        <ul className="source-problems">
          {problems.map(({ problem, lines }) => (
            <li key={problem}>
              {count(lines)} × {problem}
            </li>
          ))}
        </ul>
      )}
      {files.length > 1 && <DataTable caption="Files" columns={FILES} rows={files} rowKey={({ path }) => path} />}
      {requests.length > 0 && <DataTable caption="First requests" columns={REQUESTS} rows={requests} rowKey={(request) => requests.indexOf(request)} />}
      <div>{children}</div>
    </section>
  );
}

function summary({ file_count, left_out, bytes: size, format_title, lines, parsed, resumes_at }: SourcePreview): string {
  const said = [`${count(file_count)} ${file_count === 1 ? "file" : "files"}, ${bytes(size)}`];
  if (left_out > 0) said.push(`${count(left_out)} more than are followed`);
  said.push(format_title ?? "no line yet, so the format is found when the first one comes");
  if (lines > 0) said.push(`${count(parsed)} of the first ${count(lines)} lines are requests`);
  if (resumes_at !== null) said.push(`reading goes on at byte ${count(resumes_at)}, where it stood`);
  return `${said.join(" · ")}.`;
}
