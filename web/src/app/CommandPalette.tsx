import "./palette.css";

import { useLocation, useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from "react";

import { type Command, commandsFor } from "@/app/commands";
import { chooseDensity } from "@/lib/density";
import { pages } from "@/lib/paths";
import { chooseTheme } from "@/lib/theme";
import { useSearchState } from "@/lib/useSearchState";
import { openView } from "@/lib/views";
import { Icon } from "@/ui/Icon";

interface CommandPaletteProps {
  /** Opened with Ctrl or Cmd and K, and by the button in the head. */
  dialog: RefObject<HTMLDialogElement | null>;
  help: RefObject<HTMLDialogElement | null>;
}

/** One field that leads everywhere: pages, filters, searches by address, path or words, time range, colours. */
export function CommandPalette({ dialog, help }: CommandPaletteProps) {
  const [opened, setOpened] = useState(0);

  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      if (dialog.current?.open === true) dialog.current.close();
      // Another dialog keeps what it has asked for.
      else if (document.querySelector("dialog[open]") === null) dialog.current?.showModal();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [dialog]);

  return (
    // The browser keeps the focus within a modal dialog, closes it on Esc, and gives the focus back.
    <dialog ref={dialog} className="palette" aria-label="Command palette" onClose={() => setOpened((times) => times + 1)}>
      <Commands key={opened} close={() => dialog.current?.close()} showHelp={() => help.current?.showModal()} />
    </dialog>
  );
}

function Commands({ close, showHelp }: { close: () => void; showHelp: () => void }) {
  const { search } = useSearchState();
  const path = useLocation({ select: ({ pathname }) => pathname });
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const commands = commandsFor(typed, search, path);
  const chosen = commands[at];

  const run = ({ deed }: Command) => {
    close();
    if (deed.kind === "go") void navigate({ to: deed.to, search: deed.search });
    else if (deed.kind === "theme") chooseTheme(deed.theme);
    else if (deed.kind === "density") chooseDensity(deed.density);
    else if (deed.kind === "view") void navigate({ to: pages[deed.view.list], search: openView(deed.view) });
    else showHelp();
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && commands.length > 0) {
      event.preventDefault();
      setAt((at + step + commands.length) % commands.length);
    } else if (event.key === "Enter" && chosen !== undefined) {
      event.preventDefault();
      run(chosen);
    }
  };

  return (
    <>
      <div className="palette-field">
        <Icon name="search" />
        <input
          role="combobox"
          aria-label="Command, page, address, path or words"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={chosen === undefined ? undefined : `${id}-${at}`}
          aria-autocomplete="list"
          placeholder="Go to, filter, or search"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKey}
          spellCheck={false}
          autoComplete="off"
          maxLength={200}
        />
        <kbd aria-hidden="true">Esc</kbd>
      </div>
      <ul id={`${id}-list`} className="palette-list" role="listbox" aria-label="Commands">
        {commands.map((command, index) => (
          <Option key={command.id} id={`${id}-${index}`} command={command} isChosen={index === at} isFirst={commands[index - 1]?.group !== command.group} onRun={() => run(command)} />
        ))}
      </ul>
      <p className="palette-foot" role="status">
        {commands.length === 0 ? "No command matches. Searches begin with two characters." : `${commands.length} commands · ↑ ↓ choose, Enter runs`}
      </p>
    </>
  );
}

interface OptionProps {
  id: string;
  command: Command;
  isChosen: boolean;
  /** The first of its group bears the group's name. */
  isFirst: boolean;
  onRun: () => void;
}

function Option({ id, command, isChosen, isFirst, onRun }: OptionProps) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isChosen) row.current?.scrollIntoView({ block: "nearest" });
  }, [isChosen]);
  return (
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- the field above has the focus and takes the keys
    <li ref={row} id={id} role="option" aria-selected={isChosen} className="palette-option" onClick={onRun}>
      <Icon name={command.icon} />
      <span className="palette-text">{command.text}</span>
      <span className="palette-group" aria-hidden={!isFirst}>
        {isFirst ? command.group : ""}
      </span>
      {command.shortcut !== undefined && <kbd>{command.shortcut}</kbd>}
    </li>
  );
}
