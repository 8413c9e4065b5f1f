import { useId } from 'react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Named } from '../words/address.ts';

/** Filters of a page, which stand in its address. */
export function useFilters(): { named: Named; set: (name: string, text: string) => void; clear: () => void } {
  const named: Named = useSearch({ strict: false });
  const go = useNavigate();
  return {
    named,
    set: (name, text) => void go({ to: '.', search: { ...named, [name]: text }, replace: true }),
    clear: () => void go({ to: '.', search: {}, replace: true }),
  };
}

/** One of a few. What the address names and the list does not is chosen all the same: it filters. */
export function Choice({
  label,
  all,
  of,
  value,
  choose,
}: {
  label: string;
  /** When nothing is chosen. */
  all: string;
  of: readonly (string | { text: string; words: string })[];
  value: string | undefined;
  choose: (text: string) => void;
}) {
  const id = useId();
  const choices = of.map((one) => (typeof one === 'string' ? { text: one, words: one } : one));
  const isOther = value !== undefined && value !== '' && !choices.some(({ text }) => text === value);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value ?? ''} onChange={({ target }) => choose(target.value)}>
        <option value="">{all}</option>
        {isOther && <option value={value}>{value}</option>}
        {choices.map(({ text, words }) => (
          <option key={text} value={text}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

/** A text: taken when somebody has finished it, with Enter or by going on. */
export function Text({
  label,
  hint,
  value,
  choose,
}: {
  label: string;
  hint: string;
  value: string | undefined;
  choose: (text: string) => void;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        key={value}
        defaultValue={value}
        placeholder={hint}
        maxLength={200}
        onBlur={({ target }) => choose(target.value.trim())}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Enter') choose(currentTarget.value.trim());
        }}
      />
    </div>
  );
}
