import { useRemoveSource } from "@/features/sources/api/useRemoveSource";
import { failureOf } from "@/lib/api";
import type { Source } from "@/lib/wire";
import { ConfirmButton } from "@/ui/ConfirmButton";
import { FormFailure } from "@/ui/Field";

/** Ends the reading of a source that was added; of a pattern, of all its files. */
export function RemoveSource({ source: { belongs_to: name } }: { source: Source }) {
  const remove = useRemoveSource();
  const failure = failureOf(remove.error);
  return (
    <>
      <ConfirmButton text="Remove" question={`Stop reading ${name}`} disabled={remove.isPending} onConfirm={() => remove.mutate(name)} />
      {failure !== null && <FormFailure>{failure.message}</FormFailure>}
    </>
  );
}
