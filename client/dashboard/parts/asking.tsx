import { useEffect, useId, useRef } from 'react';
import { visible } from '../../../domain/visible.ts';
import { Dialog } from './dialog.tsx';
import { Refused } from './problem.tsx';

/** Says what will happen, sends it when somebody says so, and stays until what was answered has been read, or is shown by the page. */
export function Asking({
  title,
  sending: { isPending, error },
  answered,
  isShown = false,
  overtaken = { says: [] },
  send,
  close,
  children,
}: {
  title: string;
  sending: { isPending: boolean; error: Error | null };
  /** Read before the dialog goes: it may count though somebody says otherwise, or take effect later. */
  answered: React.ReactNode;
  /** The page shows all of that by now. */
  isShown?: boolean | undefined;
  /** What others have done since this was asked, and why it cannot be done any more, if so: told before the click. */
  overtaken?: { says: string[]; why?: string | undefined };
  send: () => void;
  close: () => void;
  children: React.ReactNode;
}) {
  const isAnswered = answered !== undefined;
  const submit = (
    <button type="submit" className="btn btn-main" disabled={!isAnswered && (isPending || overtaken.why !== undefined)}>
      {isAnswered ? 'Close' : isPending ? 'Sending…' : title}
    </button>
  );
  return (
    <Dialog
      title={isAnswered ? `${title}: sent` : `${title}?`}
      isSending={isPending || isAnswered}
      isOver={isAnswered && isShown}
      submit={submit}
      close={close}
      onSubmit={isAnswered ? close : send}
    >
      {isAnswered ? (
        <Answer>{answered}</Answer>
      ) : (
        <>
          {children}
          {error && <Refused error={error} />}
          <Overtaken {...overtaken} />
        </>
      )}
    </Dialog>
  );
}

/** What had the focus is gone: it is on the button that closes. */
function Answer({ children }: { children: React.ReactNode }) {
  const told = useRef<HTMLParagraphElement>(null);
  useEffect(() => told.current?.closest('form')?.querySelector<HTMLElement>('[type=submit]')?.focus(), []);
  return (
    <p ref={told} role="status">
      {children}
    </p>
  );
}

function Overtaken({ says, why }: { says: string[]; why?: string | undefined }) {
  const all = why === undefined ? says : [...says, why];
  return (
    <div role="status">
      {all.length > 0 && (
        <p className="tone" data-tone={why === undefined ? 'ask' : 'stop'}>
          {all.map(visible).join(' ')}
        </p>
      )}
    </div>
  );
}

/** Why, in the words of whoever asks for it. */
export function Reason({
  isNeeded,
  longest = 500,
  reason,
  setReason,
}: {
  isNeeded: boolean;
  longest?: number;
  reason: string;
  setReason: (reason: string) => void;
}) {
  return (
    <Field
      name="Reason"
      hint={isNeeded ? 'kept in the audit' : 'optional'}
      value={reason}
      required={isNeeded}
      maxLength={longest}
      onChange={(event) => setReason(event.target.value)}
    />
  );
}

/** One line to fill in, with its name and what is to be known of it. */
export function Field({ name, hint, ...input }: { name: string; hint: string } & React.ComponentProps<'input'>) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>
        {name} <span className="ink-3">({input.required ? `required, ${hint}` : hint})</span>
      </label>
      <input id={id} {...input} />
    </div>
  );
}
