import { useSystemInfo } from "@/features/system/api/useSystemInfo";
import { endsNow, rangeText } from "@/lib/range";
import { minuteTime } from "@/lib/time";
import { useSearchState } from "@/lib/useSearchState";
import { Button } from "@/ui/Button";
import { Banner } from "@/ui/Notice";

/**
 * Says where the data lies when the chosen range holds none, and goes there; says how to begin when there is none at
 * all. `empty` is the server's count for the range.
 */
export function DataBanner({ empty }: { empty: boolean }) {
  const { search, chooseRange } = useSearchState();
  const { data: info } = useSystemInfo();
  if (!empty || info === undefined) return null;
  const { data_from: from, data_to: to } = info;

  if (from == null || to == null) {
    return (
      <Banner tone="info">
        The database holds no requests yet. Point the server at an access log: <code className="mono">bartizan serve --log /var/log/nginx/access.log</code>
      </Banner>
    );
  }
  return (
    <Banner
      tone="info"
      action={
        <Button look="accent" onClick={() => chooseRange({ from: wholeMinute(from, 0), to: wholeMinute(to, 1) })}>
          Show that time
        </Button>
      }
    >
      No requests {endsNow(search) && search.from === undefined ? `in the ${rangeText(search)}` : `in ${rangeText(search)}`}. The data lies between{" "}
      <strong>{minuteTime(from)}</strong> and <strong>{minuteTime(to)}</strong>.
    </Banner>
  );
}

/** The minute that holds an instant, or the one after it: the range then covers the newest row too. */
function wholeMinute(instant: string, after: 0 | 1): string {
  const minute = Math.floor(Date.parse(instant) / 60_000) + after;
  return new Date(minute * 60_000).toISOString().replace(".000Z", "Z");
}
