/** A text of any length in a cell: cut to what fits, whole in its title. */
export function CutText({ text }: { text: string | null }) {
  if (text === null || text === "") return <span className="muted">–</span>;
  return (
    <span className="cut-text" title={text}>
      {text}
    </span>
  );
}
