import { useState } from "react";

import { Button } from "@/ui/Button";

/** Copies a text to the clipboard and says so. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [done, setDone] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(text).then(
      () => {
        setDone(true);
        setTimeout(() => setDone(false), 1500);
      },
      () => setDone(false),
    );
  };
  return (
    <Button look="quiet" icon={done ? "check" : undefined} onClick={copy}>
      {done ? "Copied" : label}
    </Button>
  );
}
