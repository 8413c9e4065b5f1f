/** One of the sprite in index.html. What it means is said in words beside it. */
export function Icon({ name, large }: { name: string; large?: boolean }) {
  return (
    <svg className={large ? 'i i-lg' : 'i'} viewBox="0 0 16 16" aria-hidden="true">
      <use href={`#i-${name}`} />
    </svg>
  );
}
