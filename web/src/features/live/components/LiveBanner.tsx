import "./live.css";

import { useLive, useLiveState } from "@/lib/live/context";
import { fullTime } from "@/lib/time";
import { Button } from "@/ui/Button";
import { Banner } from "@/ui/Notice";

/** Says that the page is cut off, once some attempts to come back have failed. */
export function LiveBanner() {
  const { connection } = useLive();
  const { phase, lastFrameAt } = useLiveState();
  if (phase !== "offline") return null;
  return (
    <div className="live-banner">
      <Banner
        tone="warn"
        action={
          <Button icon="refresh" onClick={connection.retryNow}>
            Connect now
          </Button>
        }
      >
        The server does not answer. {lastFrameAt === null ? "" : `What is shown is as of ${fullTime(new Date(lastFrameAt).toISOString())}.`}
      </Banner>
    </div>
  );
}
