import { useEffect, useRef } from 'react';
import { KeysList } from './keys-list.tsx';

/** What a page does by keys. */
export function Help({ close }: { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="dialog" aria-label="Keyboard" onClose={close}>
      <form method="dialog">
        <header>
          <h3>Keyboard</h3>
        </header>
        <div className="body">
          <KeysList />
        </div>
        <footer>
          <button className="btn">Close</button>
        </footer>
      </form>
    </dialog>
  );
}
