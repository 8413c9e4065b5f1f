import { useId } from 'react';
import type { FromOutside } from '../gateway/audit-check.ts';

/** What was kept outside of the database: the files that `slipway audit verify` takes. They stay on this machine. */
export function Outside({ outside, setOutside }: { outside: FromOutside; setOutside: (next: FromOutside) => void }) {
  return (
    <div className="from-outside">
      <Files
        label="Signed ends"
        hint="Where the gateway sends them, out of reach of the database: lines of JSON, one file or several."
        accept=".jsonl,.json,.log,.txt"
        take={(ends) => setOutside({ ...outside, ends })}
      />
      <Files
        label="Public key of the gateway"
        hint="In PEM, from where you trust it, and not from this page."
        accept=".pem,.pub,.txt"
        take={(keys) => setOutside({ ...outside, keys })}
      />
    </div>
  );
}

interface Picked {
  label: string;
  hint: string;
  accept: string;
  take: (files: File[]) => void;
}

function Files({ label, hint, accept, take }: Picked) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="file"
        multiple
        accept={accept}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => take([...(target.files ?? [])])}
      />
      <span className="hint" id={`${id}-hint`}>
        {hint}
      </span>
    </div>
  );
}
