import { useId } from 'react';

/** One subject, with its title and what is to be known beside it. */
export function Panel({ title, note, children }: { title: string; note?: React.ReactNode; children: React.ReactNode }) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {note !== undefined && <span className="note">{note}</span>}
      </header>
      {children}
    </section>
  );
}
