import type { useAlertHandling } from "@/features/alerts/components/useAlertHandling";
import { Button } from "@/ui/Button";

/** Says what was done last, with the way back, or why it was refused. */
export function HandledBar({ handling }: { handling: ReturnType<typeof useAlertHandling> }) {
  const { done, busy, refused } = handling;
  return (
    <>
      <div role="status">
        {done !== null && (
          <p className="alert-bar">
            <span>{done.text}</span>
            <Button look="quiet" disabled={busy} onClick={done.undo}>
              Undo
            </Button>
          </p>
        )}
      </div>
      {refused !== null && (
        <p className="alert-failure" role="alert">
          {refused.message}
        </p>
      )}
    </>
  );
}
