/** The product's own. */
export function Mark() {
  return (
    <svg
      viewBox="0 0 22 22"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinejoin="round"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M1.5 12.5 20.5 19.5" />
      <path fill="currentColor" d="M4 4.3 19.8 10.1c-.5 2.7-2.7 4.7-5.6 4.3L5.7 11.3C4 10.3 3.3 7.2 4 4.3z" />
    </svg>
  );
}
