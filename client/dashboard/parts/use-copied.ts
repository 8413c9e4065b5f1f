import { useState } from 'react';

/** What a button does that copies a text: said until the focus leaves it. */
export function useCopied(text: string) {
  const [isCopied, setCopied] = useState(false);
  return {
    isCopied,
    onClick: () => void navigator.clipboard.writeText(text).then(() => setCopied(true)),
    onBlur: () => setCopied(false),
  };
}
