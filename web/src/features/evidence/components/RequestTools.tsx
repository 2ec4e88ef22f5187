import { curlCommand } from "@/lib/curl";
import type { ThreatDetail, TrafficDetail } from "@/lib/wire";
import { CopyButton } from "@/ui/CopyButton";

/** Takes the request elsewhere: as a command that sends it again, or as an address that opens it here. */
export function RequestTools({ detail, page }: { detail: ThreatDetail | TrafficDetail; page: string }) {
  const command = curlCommand({
    method: detail.method,
    host: detail.host,
    target: detail.target,
    headers: detail.headers,
    userAgent: detail.user_agent,
    body: detail.body?.text ?? null,
    isCut: detail.body?.truncated,
  });
  return (
    <div className="request-tools" role="group" aria-label="Take this request elsewhere">
      <CopyButton text={command} label="Copy as curl" />
      {/* Without filters and range: whoever follows it finds the row in any case. */}
      <CopyButton text={new URL(page, window.location.origin).toString()} label="Copy link" />
    </div>
  );
}
