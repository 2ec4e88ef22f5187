import "./sources.css";

import { type SubmitEvent, useState } from "react";

import { useAddSource } from "@/features/sources/api/useAddSource";
import { useSourcePreview } from "@/features/sources/api/useSourcePreview";
import { PreviewOfSource } from "@/features/sources/components/PreviewOfSource";
import { failureOf } from "@/lib/api";
import type { SourceDraft } from "@/lib/wire";
import { Button } from "@/ui/Button";
import { Field, FormFailure } from "@/ui/Field";
import { Banner } from "@/ui/Notice";

const NOTHING = { path: "", name: "", format: "", time_zone: "" };
type Written = typeof NOTHING;

/** A form for one more source: first a look at what it would read, then it is added. */
export function AddSource() {
  const preview = useSourcePreview();
  const add = useAddSource();
  const [written, setWritten] = useState<Written>(NOTHING);
  const failure = failureOf(preview.error) ?? failureOf(add.error);

  const write = (change: Partial<Written>) => {
    setWritten({ ...written, ...change });
    // What was looked at is something else now.
    preview.reset();
    add.reset();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    add.reset();
    preview.mutate(draft(written));
  };
  const confirm = () =>
    add.mutate(draft(written), {
      onSuccess: () => {
        setWritten(NOTHING);
        preview.reset();
      },
    });

  return (
    <>
      <form className="form" onSubmit={submit} aria-label="Add a log source">
        <div className="form-row">
          <Field
            label="File or pattern on the server"
            hint="absolute; * and ? stand for anything, and files that match later are read as well"
            placeholder="/var/log/nginx/access.log"
            value={written.path}
            onChange={(event) => write({ path: event.target.value })}
            maxLength={1024}
            autoComplete="off"
            spellCheck={false}
            required
          />
          <Field label="Name" hint="the path when left out" value={written.name} onChange={(event) => write({ name: event.target.value })} maxLength={128} autoComplete="off" />
        </div>
        <details className="source-more">
          <summary>Format and time zone</summary>
          <div className="form-row">
            <Field
              label="Format"
              hint="found in the lines when left out; or nginx:LOG_FORMAT, apache:LOGFORMAT"
              value={written.format}
              onChange={(event) => write({ format: event.target.value })}
              maxLength={4096}
              autoComplete="off"
              spellCheck={false}
            />
            <Field label="Zone of times that name none" hint="UTC when left out" placeholder="Europe/Berlin" value={written.time_zone} onChange={(event) => write({ time_zone: event.target.value })} maxLength={64} autoComplete="off" />
          </div>
        </details>
        <div>
          <Button type="submit" look={preview.data === undefined ? "accent" : "plain"} disabled={preview.isPending || written.path === ""}>
            {preview.isPending ? "Looking…" : "Look at it"}
          </Button>
        </div>
        {failure !== null && <FormFailure>{failure.message}</FormFailure>}
      </form>
      {preview.data !== undefined && (
        <PreviewOfSource preview={preview.data}>
          <Button look="accent" disabled={add.isPending} onClick={confirm}>
            Read {preview.data.name}
          </Button>
        </PreviewOfSource>
      )}
      {add.isSuccess && <Banner tone="info">{add.data.data.name} is read from now on, and after every start.</Banner>}
    </>
  );
}

/** What was left out is not said. */
function draft({ path, name, format, time_zone }: Written): SourceDraft {
  return { path, ...(name !== "" && { name }), ...(format !== "" && { format }), ...(time_zone !== "" && { time_zone }) };
}
