import { useEffect, useId, useLayoutEffect, useRef } from 'react';

/** Asks before anything is done: the browser's own dialog, which keeps the focus, and closes by Escape. */
export function Dialog({
  title,
  submit,
  isSending,
  isOver = false,
  close,
  onSubmit,
  children,
}: {
  title: string;
  /** The button that does it. */
  submit: React.ReactNode;
  /** It cannot be taken back any more: nothing looks as if it could. */
  isSending: boolean;
  /** Closes by itself, and the focus goes back to where it was. */
  isOver?: boolean;
  close: () => void;
  onSubmit: () => void;
  children: React.ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    dialog.current?.showModal();
    // What is to be filled in, before what can be copied.
    dialog.current?.querySelector('input')?.focus();
  }, []);
  useLayoutEffect(() => {
    if (isOver) dialog.current?.close();
  }, [isOver]);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={id} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <header>
          <h3 id={id}>{title}</h3>
        </header>
        <div className="body stack">{children}</div>
        <footer>
          {!isSending && (
            <button type="button" className="btn btn-quiet" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
          )}
          {submit}
        </footer>
      </form>
    </dialog>
  );
}
