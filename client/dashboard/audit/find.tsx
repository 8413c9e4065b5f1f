import { useNavigate, useSearch } from '@tanstack/react-router';
import { Icon } from '../parts/icon.tsx';

/** What the list is narrowed by: it stands in the address. */
export function Find({ label, hint }: { label: string; hint: string }) {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const look = (find: string) => void navigate({ to: '/audit', search: { ...search, find }, replace: true });
  return (
    <form className="find" role="search" onSubmit={(event) => event.preventDefault()}>
      <Icon name="search" />
      <input
        type="search"
        aria-label={label}
        placeholder={hint}
        value={search['find'] ?? ''}
        maxLength={200}
        onChange={({ target }) => look(target.value)}
      />
    </form>
  );
}
