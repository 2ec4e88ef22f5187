/** What to look for in the server's log, after the words of a failure. */
export function RequestId({ id }: { id: string | undefined }) {
  if (id === undefined) return null;
  return (
    <>
      {" "}
      (request id <code className="mono">{id}</code>)
    </>
  );
}
