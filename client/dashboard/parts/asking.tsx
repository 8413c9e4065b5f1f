import { useId } from 'react';
import { visible } from '../../../domain/visible.ts';
import { Dialog } from './dialog.tsx';
import { Refused } from './problem.tsx';

/** Says what will happen, sends it when somebody says so, and stays until what was answered has been read. */
export function Asking({
  title,
  sending: { isPending, error },
  answered,
  overtaken = { says: [] },
  send,
  close,
  children,
}: {
  title: string;
  sending: { isPending: boolean; error: Error | null };
  /** Read before the dialog goes: it may count though somebody says otherwise, or take effect later. */
  answered: React.ReactNode;
  /** What others have done since this was asked, and why it cannot be done any more, if so: told before the click. */
  overtaken?: { says: string[]; why?: string | undefined };
  send: () => void;
  close: () => void;
  children: React.ReactNode;
}) {
  if (answered !== undefined) return <Answered title={title} message={answered} close={close} />;
  const submit = (
    <button type="submit" className="btn btn-main" disabled={isPending || overtaken.why !== undefined}>
      {isPending ? 'Sending…' : title}
    </button>
  );
  return (
    <Dialog title={`${title}?`} isSending={isPending} submit={submit} close={close} onSubmit={send}>
      {children}
      {error && <Refused error={error} />}
      <Overtaken {...overtaken} />
    </Dialog>
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

function Answered({ title, message, close }: { title: string; message: React.ReactNode; close: () => void }) {
  const submit = (
    <button type="submit" className="btn btn-main">
      Close
    </button>
  );
  return (
    <Dialog title={`${title}: sent`} isSending submit={submit} close={close} onSubmit={close}>
      <p role="status">{message}</p>
    </Dialog>
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
        {name} <span className="ink-3">({hint})</span>
      </label>
      <input id={id} {...input} />
    </div>
  );
}
