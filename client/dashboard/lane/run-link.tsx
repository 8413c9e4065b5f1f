import { Link } from '@tanstack/react-router';

export function RunLink({ id, name }: { id: string; name: string }) {
  return (
    <Link to="/runs/$" params={{ _splat: id }}>
      {name}
    </Link>
  );
}
