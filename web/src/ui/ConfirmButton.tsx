import { useState } from "react";

import { Button } from "@/ui/Button";

/** A button that asks once more before it does what cannot be taken back. */
export function ConfirmButton({ text, question, disabled, onConfirm }: { text: string; question: string; disabled: boolean; onConfirm: () => void }) {
  const [asking, setAsking] = useState(false);
  if (!asking) {
    return (
      <Button look="quiet" disabled={disabled} onClick={() => setAsking(true)}>
        {text}
      </Button>
    );
  }
  const confirm = () => {
    setAsking(false);
    onConfirm();
  };
  return (
    <>
      <Button look="accent" disabled={disabled} onClick={confirm}>
        {question}
      </Button>
      <Button look="quiet" onClick={() => setAsking(false)}>
        Keep
      </Button>
    </>
  );
}
